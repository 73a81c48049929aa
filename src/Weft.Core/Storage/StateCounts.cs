using System.Runtime.CompilerServices;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>How many tasks there are in each state.</summary>
public readonly struct StateCounts : IEquatable<StateCounts>
{
    private readonly Numbers _numbers;

    /// <param name="counts">Indexed by <see cref="TaskState"/>.</param>
    public StateCounts(ReadOnlySpan<long> counts) => counts[..TaskStates.Count].CopyTo(_numbers);

    public long Scheduled { get => this[TaskState.Scheduled]; init => _numbers[(int)TaskState.Scheduled] = value; }
    public long Ready { get => this[TaskState.Ready]; init => _numbers[(int)TaskState.Ready] = value; }
    public long Leased { get => this[TaskState.Leased]; init => _numbers[(int)TaskState.Leased] = value; }
    public long Completed { get => this[TaskState.Completed]; init => _numbers[(int)TaskState.Completed] = value; }
    public long Dead { get => this[TaskState.Dead]; init => _numbers[(int)TaskState.Dead] = value; }
    public long Cancelled { get => this[TaskState.Cancelled]; init => _numbers[(int)TaskState.Cancelled] = value; }
    public long Checking { get => this[TaskState.Checking]; init => _numbers[(int)TaskState.Checking] = value; }

    public long Total => Sum(TaskStates.All);

    public long Unfinished => Sum(TaskStates.Unfinished);

    public long this[TaskState state] => _numbers[(int)state];

    public static StateCounts operator +(StateCounts a, StateCounts b) => Add(a, b);

    public static bool operator ==(StateCounts a, StateCounts b) => a.Equals(b);

    public static bool operator !=(StateCounts a, StateCounts b) => !a.Equals(b);

    public static StateCounts Add(StateCounts a, StateCounts b)
    {
        Span<long> sums = stackalloc long[TaskStates.Count];
        for (var state = 0; state < sums.Length; state++) sums[state] = a._numbers[state] + b._numbers[state];
        return new(sums);
    }

    public bool Equals(StateCounts other) => ((ReadOnlySpan<long>)_numbers).SequenceEqual(other._numbers);

    public override bool Equals(object? obj) => obj is StateCounts other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Total, Unfinished);

    public override string ToString()
    {
        var counts = this;
        return string.Join(", ",
            TaskStates.All.ToArray().Where(state => counts[state] != 0).Select(state => $"{counts[state]} {state}"));
    }

    private long Sum(ReadOnlySpan<TaskState> states)
    {
        var sum = 0L;
        foreach (var state in states) sum += this[state];
        return sum;
    }

    [InlineArray(TaskStates.Count)]
    private struct Numbers
    {
        private long _first;
    }
}
