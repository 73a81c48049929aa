namespace Weft.Contracts;

/// <summary>The values of <see cref="TaskInfo.State"/>.</summary>
public static class TaskStates
{
    /// <summary>Scheduled for later.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Waiting for a worker.</summary>
    public const string Ready = "ready";

    /// <summary>A worker is running it.</summary>
    public const string Leased = "leased";

    /// <summary>It has an answer that is being checked, but no result yet.</summary>
    public const string Checking = "checking";

    /// <summary>It has a result. Final.</summary>
    public const string Completed = "completed";

    /// <summary>It failed permanently. Final, unless it is retried.</summary>
    public const string Dead = "dead";

    /// <summary>It was cancelled. Final.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>All states, in the order of their numbers in a store.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Scheduled, Ready, Leased, Completed, Dead, Cancelled, Checking];

    /// <summary>The states that aren't final.</summary>
    public static IReadOnlyList<string> Unfinished { get; } = [Scheduled, Ready, Leased, Checking];
}
