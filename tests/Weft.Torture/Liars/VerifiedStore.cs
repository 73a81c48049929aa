using System.Collections.Concurrent;
using Weft.Torture.Checking;

namespace Weft.Torture.Liars;

/// <summary>What the harness knows of one store of verified tasks, outside of the coordinator.</summary>
internal sealed class VerifiedStore
{
    private readonly ConcurrentDictionary<long, long> _numbers = new();
    private readonly ConcurrentDictionary<long, bool> _adaptive = new();
    private long _number;

    /// <summary>Payloads by id, of tasks whose submit was acknowledged.</summary>
    public IReadOnlyDictionary<long, long> Numbers => _numbers;

    public ConcurrentQueue<VerifiedAnswer> Answers { get; } = new();

    /// <summary>Ids that claims gave out and that no submit has: checks, which nobody else may see.</summary>
    public ConcurrentDictionary<long, bool> Claimed { get; } = new();

    public ConcurrentQueue<Violation> Violations { get; } = new();

    /// <summary>What workers prove themselves with, by their names.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = new();

    /// <summary>A new payload, of a task that is checked always, or by its workers' names.</summary>
    public long NextNumber(bool isAdaptive)
    {
        var number = Interlocked.Increment(ref _number);
        if (isAdaptive) _adaptive[number] = true;
        return number;
    }

    public bool IsAdaptive(long number) => _adaptive.ContainsKey(number);

    public void Submitted(long id, long number) => _numbers[id] = number;

    /// <summary>What a program computes of a payload.</summary>
    public static long Truth(long number) => number * number;
}
