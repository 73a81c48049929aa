namespace Weft.Cli.Modules.Engine;

/// <summary>
/// Limits the total memory of modules that run at the same time: as on the worker page, half of the machine's. A module
/// that needs more runs by itself. Safe for use by many threads.
/// </summary>
/// <param name="bytesMax">Limit of their total memory.</param>
internal sealed class ModuleMemory(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _used;

    /// <summary>Half of the memory of this machine or its container.</summary>
    public static ModuleMemory OfThisMachine() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>Waits until the memory is available, in order of the requests.</summary>
    public async Task TakeAsync(long bytes, CancellationToken stop)
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waiting.Count == 0 && HasRoom(bytes))
            {
                _used += bytes;
                return;
            }
            _waiting.Enqueue((bytes, turn));
        }

        await using (stop.Register(() => turn.TrySetCanceled(stop))) await turn.Task;
    }

    public void GiveBack(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            while (_waiting.TryPeek(out var next) && (next.Turn.Task.IsCanceled || HasRoom(next.Bytes)))
            {
                _waiting.Dequeue();
                if (next.Turn.TrySetResult()) _used += next.Bytes;
            }
        }
    }

    private bool HasRoom(long bytes) => _used == 0 || _used + bytes <= bytesMax;
}
