using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.Storage;

/// <summary>A worker's claim.</summary>
public sealed record ClaimRequest
{
    public required string WorkerId { get; init; }
    public IReadOnlyList<string> Queues { get; init; } = [Limits.QueueDefault];
    public int Max { get; init; } = 1;

    /// <summary>The length of the lease; null: as each task says.</summary>
    public TimeSpan? LeaseTime { get; init; }

    public Capabilities Capabilities { get; init; } = Capabilities.None;

    /// <summary>True: the worker can run only modules, and gets no other tasks.</summary>
    public bool ModulesOnly { get; init; }

    /// <summary>
    /// True: the worker has no token where others need one, and gets only tasks submitted without one.
    /// </summary>
    public bool UntokenedOnly { get; init; }

    /// <summary>Its proved identity; null: none, and it gets no task whose result is verified.</summary>
    public WorkerIdentity? Identity { get; init; }

    /// <summary>
    /// Called with each queue that has tasks which the worker gets only after its answers are checked; null for none.
    /// </summary>
    public Action<string>? Held { get; init; }

    public WorkerFit Fit => new(Capabilities, ModulesOnly, UntokenedOnly, Identity is not null);
}

/// <summary>A claimed task.</summary>
/// <param name="Task">Its record after the claim, with the lease but without the text of an earlier failure.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Checkpoint">The checkpoint of an earlier attempt; null for none.</param>
public sealed record ClaimedTask(TaskRecord Task, Payload Payload, ReadOnlyMemory<byte>? Checkpoint)
{
    /// <summary>What to run on the payload; null for none.</summary>
    public ModuleCall? Module { get; init; }

    /// <summary>The maximum size as JSON of its parts of variable size.</summary>
    public long WireBytes => Payload.WireBytes + (Checkpoint?.Length ?? 0)
        + (Module?.Run?.Length ?? 0) + (Module?.Files?.Length ?? 0);
}
