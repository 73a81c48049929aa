namespace Weft.Storage.Postgres;

/// <summary>
/// Which of a process's writers works, while there is little to do. A transaction costs the database about as much whether it holds
/// two small operations or twenty: two writers that shared what waits would pay twice. One with much to do lets the next go at once.
/// </summary>
internal sealed class PostgresTurn : IDisposable
{
    // Whoever has the turn may be waiting for a row that somebody else has locked, or for a standby: the others don't wait as long.
    private const int PatienceMilliseconds = 10;

    private readonly SemaphoreSlim _free = new(1, 1);

    /// <summary>Waits for the turn; false: goes on without it, since whoever has it takes long.</summary>
    public Task<bool> TakeAsync() => _free.WaitAsync(PatienceMilliseconds);

    public void Pass() => _free.Release();

    public void Dispose() => _free.Dispose();
}
