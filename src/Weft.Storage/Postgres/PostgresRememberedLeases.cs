using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>
/// Tasks as this process has just leased them out: a complete locks their rows and needn't read them. Another coordinator may have
/// changed one meanwhile, which shows by its lease and state; the transaction is then tried again, and reads.
/// Bounded: a newer task takes the slot of an older one. Any thread adds and takes.
/// </summary>
internal sealed class PostgresRememberedLeases
{
    // A power of two. Tasks get ascending ids, so that those that are leased together seldom share a slot. Full: about 5 MB.
    private const int Slots = 16_384;

    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>Remembers a lease that is committed.</summary>
    public void Add(PostgresTask task)
    {
        if (task.Record.State == TaskState.Leased) Volatile.Write(ref SlotOf(task.Record.Id), new(task.Record, task.Lane, task.PayloadBytes));
    }

    /// <summary>Takes out the task, if its lease is this one; any with null. Whoever comes next must look.</summary>
    public PostgresTask? Take(TaskId id, LeaseToken? token)
    {
        ref var slot = ref SlotOf(id);
        var entry = Volatile.Read(ref slot);
        if (entry is null || entry.Record.Id != id || (token is { } known && entry.Record.Lease!.Token != known)) return null;
        return Interlocked.CompareExchange(ref slot, null, entry) == entry ? new(entry.Record, entry.Lane, entry.PayloadBytes) : null;
    }

    private ref Entry? SlotOf(TaskId id) => ref _slots[id.Value & (Slots - 1)];

    private sealed record Entry(TaskRecord Record, PostgresLane Lane, int PayloadBytes);
}
