using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>How a task is to be run. What is null is left to the coordinator.</summary>
public sealed record SubmitOptions
{
    /// <summary>1 to 64 letters, digits, dots, dashes, underscores; <c>default</c>.</summary>
    public string? Queue { get; init; }

    /// <summary>What kind of work this is, up to 64 characters.</summary>
    public string? Type { get; init; }

    /// <summary>−100 to 100, higher is claimed first; 0.</summary>
    public int? Priority { get; init; }

    /// <summary>How long to wait before the first claim, up to 366 days; excludes <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>When it may first be claimed: in the future, within 366 days.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>1 to 100; 5.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>1 s to 24 h, where the claim doesn't say; the coordinator's setting, 60 s.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>After this time, up to 366 days, the task dies unless it is finished; never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The id of a group.</summary>
    public long? Group { get; init; }

    /// <summary>Labels that a worker must have, up to 8: <c>simd</c>, <c>memory&gt;=4096</c>.</summary>
    public IReadOnlyList<string>? Requires { get; init; }

    /// <summary>
    /// The hash of the module that workers run on the payload (<see cref="WeftClient.PushModuleAsync"/>); the queue's,
    /// if it has one.
    /// </summary>
    public string? Module { get; init; }

    /// <summary>How the module is run; as the queue says.</summary>
    public ModuleRun? Run { get; init; }

    /// <summary>
    /// When the result is believed: once others agree, where workers are strangers; as the queue says, or at once.
    /// </summary>
    public Verify? Verify { get; init; }

    internal TaskRequest For(JsonElement payload) => new(
        payload, Queue, Type, Priority, Delay?.TotalSeconds, RunAt, MaxAttempts, Lease?.TotalSeconds,
        ExpiresIn?.TotalSeconds, Group, Requires, Module, Run, Verify: Verify);
}
