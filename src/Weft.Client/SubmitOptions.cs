using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>How to run a task. Null members take the coordinator's defaults.</summary>
public sealed record SubmitOptions
{
    /// <summary>1 to 64 letters, digits, dots, dashes, underscores. Default: <c>default</c>.</summary>
    public string? Queue { get; init; }

    /// <summary>The kind of work, up to 64 characters.</summary>
    public string? Type { get; init; }

    /// <summary>−100 to 100; higher is claimed first. Default: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>How long to wait before the first claim, up to 366 days; excludes <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The earliest time for the first claim: in the future, within 366 days.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>1 to 100. Default: 5.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>1 s to 24 h, unless the claim sets its own. Default: the coordinator's setting, 60 s.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>A task unfinished after this time, up to 366 days, becomes dead. Default: never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The id of a group.</summary>
    public long? Group { get; init; }

    /// <summary>Labels that a worker must have, up to 8: <c>simd</c>, <c>memory&gt;=4096</c>.</summary>
    public IReadOnlyList<string>? Requires { get; init; }

    /// <summary>
    /// The hash of the module that workers run on the payload (<see cref="WeftClient.PushModuleAsync"/>). Default: the
    /// queue's module, if it has one.
    /// </summary>
    public string? Module { get; init; }

    /// <summary>How to run the module. Default: as the queue says.</summary>
    public ModuleRun? Run { get; init; }

    /// <summary>
    /// How to verify the result when workers are untrusted. Default: as the queue says, otherwise it is accepted at
    /// once.
    /// </summary>
    public Verify? Verify { get; init; }

    internal TaskRequest For(JsonElement payload) => new(
        payload, Queue, Type, Priority, Delay?.TotalSeconds, RunAt, MaxAttempts, Lease?.TotalSeconds,
        ExpiresIn?.TotalSeconds, Group, Requires, Module, Run, Verify: Verify);
}
