namespace Weft.Contracts;

/// <summary>The words of <see cref="TaskInfo.State"/>.</summary>
public static class TaskStates
{
    /// <summary>Waits for its time.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Waits for a worker.</summary>
    public const string Ready = "ready";

    /// <summary>A worker has it.</summary>
    public const string Leased = "leased";

    /// <summary>It has an answer that others check; it has no result yet.</summary>
    public const string Checking = "checking";

    /// <summary>It has a result. Final.</summary>
    public const string Completed = "completed";

    /// <summary>It failed for good. Final, unless it is retried.</summary>
    public const string Dead = "dead";

    /// <summary>It was called off. Final.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>All of them, in the order of their numbers in a store.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Scheduled, Ready, Leased, Completed, Dead, Cancelled, Checking];

    /// <summary>Those that aren't final.</summary>
    public static IReadOnlyList<string> Unfinished { get; } = [Scheduled, Ready, Leased, Checking];
}
