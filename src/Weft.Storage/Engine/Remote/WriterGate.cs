namespace Weft.Storage.Engine;

/// <summary>
/// Which of a process's writers works, while there is little to do. A transaction costs the database about as much
/// whether it holds two small operations or twenty: two writers that shared what waits would pay twice. One with much
/// to do lets the next go at once.
/// </summary>
internal sealed class WriterGate : IDisposable
{
    // Whoever has the turn may be waiting for a row that somebody else has locked, or for a standby: the others don't
    // wait as long.
    private const int GateWaitMilliseconds = 10;

    private readonly SemaphoreSlim _free = new(1, 1);

    /// <summary>Waits for the turn; false: goes on without it, since whoever has it takes long.</summary>
    public Task<bool> EnterAsync() => _free.WaitAsync(GateWaitMilliseconds);

    public void Release() => _free.Release();

    public void Dispose() => _free.Dispose();
}
