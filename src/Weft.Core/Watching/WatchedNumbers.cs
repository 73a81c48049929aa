using Weft.Core.Metrics;
using Weft.Core.Storage;

namespace Weft.Core.Watching;

/// <summary>The values that are watched for all tasks, or for those of one queue.</summary>
public static class WatchedNumbers
{
    /// <summary>Per second; the position is the index.</summary>
    public static readonly IReadOnlyList<string> Rates = ["submitted", "claimed", "completed", "failed", "dead"];

    /// <summary>The indexes of <see cref="Rates"/>.</summary>
    public const int Submitted = 0, Claimed = 1, Completed = 2, Failed = 3, Dead = 4;

    /// <summary>Current values.</summary>
    public static readonly IReadOnlyList<string> Levels = ["scheduled", "ready", "leased"];

    /// <summary>The counters behind the rates, in their order: since the coordinator's start.</summary>
    public static long[] Count(IEnumerable<TaskTally> tallies)
    {
        var counts = new long[Rates.Count];
        foreach (var tally in tallies)
        {
            counts[Submitted] += tally[TaskEvents.Submitted];
            counts[Claimed] += tally[TaskEvents.Claimed];
            counts[Completed] += tally[TaskEvents.Completed];
            counts[Failed] += tally[TaskEvents.Failed] + tally[TaskEvents.FailedFatally] + tally[TaskEvents.Lapsed];
            counts[Dead] += tally[TaskEvents.DeadByAttempts] + tally[TaskEvents.DeadByFatalFailure]
                + tally[TaskEvents.DeadByExpiry];
        }

        return counts;
    }

    /// <summary>The levels, in their order.</summary>
    public static long[] LevelsOf(StateCounts counts) => [counts.Scheduled, counts.Ready, counts.Leased];
}
