using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>Tasks that are stored together, all or none.</summary>
/// <param name="Tasks">In the order in which they get their ids.</param>
/// <param name="Key">Makes a repeated submission harmless; null for none.</param>
/// <param name="Owner">The tasks' owner; null: none.</param>
/// <param name="ModulesOf"> The owner whose modules they may name, besides public ones: modules without an owner, and
/// those of an admin or of a deleted token. Null: any.
/// </param>
public sealed record Submission(
    IReadOnlyList<NewTask> Tasks, IdempotencyKey? Key = null, TokenId? Owner = null, TokenId? ModulesOf = null);

/// <param name="Text">The submitter's own key.</param>
/// <param name="Fingerprint">A hash of everything submitted under it.</param>
public sealed record IdempotencyKey(string Text, ReadOnlyMemory<byte> Fingerprint)
{
    /// <summary>
    /// A submitter's key among its own: a key from a header has no line break, so it can't collide with another
    /// submitter's.
    /// </summary>
    public static IdempotencyKey Of(TokenId? owner, string text, ReadOnlyMemory<byte> fingerprint) =>
        new(owner is { } known ? $"{text}\n{known}" : text, fingerprint);
}

public enum SubmitStatus : byte
{
    Stored,

    /// <summary>The key was known with the same fingerprint: these are the tasks of the first submit.</summary>
    Repeated,

    /// <summary>The key was known with another fingerprint; nothing was stored.</summary>
    KeyMismatch,

    /// <summary>A task named a group that doesn't exist; nothing was stored.</summary>
    GroupNotFound,

    /// <summary>A task named a sealed group; nothing was stored.</summary>
    GroupSealed,

    /// <summary>
    /// A queue would hold more than <see cref="Limits.LanesPerQueueMax"/> distinct sets of requirements; nothing was
    /// stored.
    /// </summary>
    TooManyRequirements,

    /// <summary>
    /// A task named a new queue, and there are already <see cref="Limits.QueuesMax"/>; nothing was stored.
    /// </summary>
    TooManyQueues,

    /// <summary>The owner would exceed its limit of unfinished tasks; nothing was stored.</summary>
    OwnerFull,

    /// <summary>
    /// The owner would exceed its limit of stored data, including finished tasks; nothing was stored.
    /// </summary>
    OwnerStoreFull,

    /// <summary>A task needs a new queue, and its owner has reached its limit; nothing was stored.</summary>
    OwnerQueuesFull,

    /// <summary>
    /// A task needs a new set of requirements, and its owner has reached its limit in that queue; nothing was stored.
    /// </summary>
    OwnerRequirementsFull,

    /// <summary>A task named a module that isn't stored, or belongs only to others; nothing was stored.</summary>
    ModuleNotFound,

    /// <summary>A task named a blob that isn't stored, or belongs only to others; nothing was stored.</summary>
    BlobNotFound,

    /// <summary>
    /// A task's result is to be verified, but equal runs of its module may differ; nothing was stored. Decided before
    /// the store.
    /// </summary>
    ModuleNotRepeatable,

    /// <summary>A task has a run, but neither it nor its queue names a module; nothing was stored.</summary>
    RunWithoutModule,

    /// <summary>A task named packages, but its module isn't a Python script; nothing was stored.</summary>
    PackagesWithoutPython,

    /// <summary>The caller may not submit to the task's queue; nothing was stored. Decided before the store.</summary>
    QueueForbidden,
}

/// <param name="Status">The outcome of the submission.</param>
/// <param name="Ids">One for each task, in order; empty when nothing was stored.</param>
public sealed record SubmitOutcome(SubmitStatus Status, IReadOnlyList<TaskId> Ids);
