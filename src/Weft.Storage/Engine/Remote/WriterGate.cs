namespace Weft.Storage.Engine;

/// <summary>
/// Limits which of a process's writers works while there is little to do. A transaction costs the database about as
/// much with two small operations as with twenty: two writers that shared the queue would pay twice. A writer with a
/// large batch lets the next one start at once.
/// </summary>
internal sealed class WriterGate : IDisposable
{
    // The writer with the turn may be waiting for a locked row or for a standby: the others don't wait as long.
    private const int GateWaitMilliseconds = 10;

    private readonly SemaphoreSlim _free = new(1, 1);

    /// <summary>Waits for the turn; false: continues without it, since the other writer takes long.</summary>
    public Task<bool> EnterAsync() => _free.WaitAsync(GateWaitMilliseconds);

    public void Release() => _free.Release();

    public void Dispose() => _free.Dispose();
}
