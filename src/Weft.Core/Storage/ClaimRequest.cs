using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.Storage;

/// <summary>A worker asks for work.</summary>
public sealed record ClaimRequest
{
    public required string WorkerId { get; init; }
    public IReadOnlyList<string> Queues { get; init; } = [Limits.QueueDefault];
    public int Max { get; init; } = 1;

    /// <summary>How long the lease shall last; null: as each task says.</summary>
    public TimeSpan? LeaseTime { get; init; }

    public Capabilities Capabilities { get; init; } = Capabilities.None;

    /// <summary>True: the worker can run nothing but modules, and gets no other task.</summary>
    public bool ModulesOnly { get; init; }

    /// <summary>
    /// True: the worker has no token where others need one, and gets only tasks that came without one.
    /// </summary>
    public bool UntokenedOnly { get; init; }

    /// <summary>
    /// Who it is, as far as it has proven that; null: it hasn't, and gets no task whose result is verified.
    /// </summary>
    public WorkerIdentity? Identity { get; init; }

    /// <summary>
    /// Called with each queue that has tasks which the worker isn't given until its answers are checked; null: nobody
    /// wants to know.
    /// </summary>
    public Action<string>? Held { get; init; }

    public WorkerFit Fit => new(Capabilities, ModulesOnly, UntokenedOnly, Identity is not null);
}

/// <summary>A task in a worker's hands.</summary>
/// <param name="Task">Its record after the claim; the lease is there, the text of an earlier failure isn't.</param>
/// <param name="Payload">What to work on.</param>
/// <param name="Checkpoint">What an earlier attempt left for the next one; null for nothing.</param>
public sealed record ClaimedTask(TaskRecord Task, Payload Payload, ReadOnlyMemory<byte>? Checkpoint)
{
    /// <summary>What to run on the payload; null: the worker knows what to do.</summary>
    public ModuleCall? Module { get; init; }

    /// <summary>How many bytes of JSON its parts of any size are at most.</summary>
    public long WireBytes => Payload.WireBytes + (Checkpoint?.Length ?? 0)
        + (Module?.Run?.Length ?? 0) + (Module?.Files?.Length ?? 0);
}
