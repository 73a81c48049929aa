using System.Numerics;

namespace Weft.Core.Metrics;

/// <summary>
/// How often each of <see cref="TaskEvents"/> has happened to the tasks of one queue since the coordinator's start. One
/// thread at a time writes; any thread reads.
/// </summary>
public sealed class TaskTally(string queue)
{
    private readonly long[] _counts = new long[TaskEventsOf.Count];

    /// <summary>The label of its series; created once.</summary>
    public KeyValuePair<string, object?> Label { get; } = new("queue", queue);

    /// <summary>How often this event has happened.</summary>
    public long this[TaskEvents one] => Volatile.Read(ref _counts[BitOperations.TrailingZeroCount((uint)one)]);

    /// <summary>Counts each of the events once.</summary>
    public void Add(TaskEvents events)
    {
        for (var left = (uint)events; left != 0; left &= left - 1) _counts[BitOperations.TrailingZeroCount(left)]++;
    }
}
