using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Tasks that this process has just leased out: a complete locks their rows and needn't read them. Another coordinator
/// may have changed one since, which shows in its lease and state; the transaction is then retried, and reads.
/// Thread-safe.
/// </summary>
internal sealed class LeaseCache
{
    // Full: about 5 MB.
    private readonly SlotCache<Entry?> _slots = new(16_384);

    /// <summary>Stores a committed lease.</summary>
    public void Add(LockedTask task)
    {
        if (task.Record.State == TaskState.Leased)
        {
            Volatile.Write(ref _slots[task.Record.Id], new(task.Record, task.Lane, task.PayloadBytes));
        }
    }

    /// <summary>Removes the task, if its lease is this one; any with null. Later callers must read the row.</summary>
    public LockedTask? Take(TaskId id, LeaseToken? token)
    {
        ref var slot = ref _slots[id];
        var entry = Volatile.Read(ref slot);
        if (entry is null || entry.Record.Id != id || (token is { } known && entry.Record.Lease!.Token != known))
        {
            return null;
        }

        return Interlocked.CompareExchange(ref slot, null, entry) == entry
            ? new(entry.Record, entry.Lane, entry.PayloadBytes)
            : null;
    }

    private sealed record Entry(TaskRecord Record, Lane Lane, int PayloadBytes);
}
