using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>Tasks that are stored together, all or none.</summary>
/// <param name="Tasks">In the order in which they get their ids.</param>
/// <param name="Key">Makes a repeated submission harmless; null for none.</param>
/// <param name="Owner">Whose the tasks are; null: nobody's.</param>
/// <param name="ModulesOf">
/// Whose modules they may name, besides those that are open to all: modules without an owner, and those of an admin or
/// of a token that is gone. Null: any.
/// </param>
public sealed record Submission(
    IReadOnlyList<NewTask> Tasks, IdempotencyKey? Key = null, TokenId? Owner = null, TokenId? ModulesOf = null);

/// <param name="Text">The submitter's own key.</param>
/// <param name="Fingerprint">A hash of all that was submitted under it.</param>
public sealed record IdempotencyKey(string Text, ReadOnlyMemory<byte> Fingerprint)
{
    /// <summary>
    /// A submitter's key among its own: no key that came in a header has a line break, so nobody meets another's.
    /// </summary>
    public static IdempotencyKey Of(TokenId? owner, string text, ReadOnlyMemory<byte> fingerprint) =>
        new(owner is { } known ? $"{text}\n{known}" : text, fingerprint);
}

public enum SubmitStatus : byte
{
    Stored,

    /// <summary>The key was known and the fingerprint the same: these are the tasks of the first time.</summary>
    Repeated,

    /// <summary>The key was known with another fingerprint; nothing was stored.</summary>
    KeyMismatch,

    /// <summary>A task named a group that doesn't exist; nothing was stored.</summary>
    GroupNotFound,

    /// <summary>A task named a group that takes no more; nothing was stored.</summary>
    GroupSealed,

    /// <summary>
    /// A queue would hold more than <see cref="Limits.LanesPerQueueMax"/> distinct sets of requirements; nothing was
    /// stored.
    /// </summary>
    TooManyRequirements,

    /// <summary>A task named a new queue, and there are <see cref="Limits.QueuesMax"/>; nothing was stored.</summary>
    TooManyQueues,

    /// <summary>The owner would have more unfinished than the store lets one owner have; nothing was stored.</summary>
    OwnerFull,

    /// <summary>
    /// The owner would have more stored, finished tasks too, than the store lets one owner have; nothing was stored.
    /// </summary>
    OwnerStoreFull,

    /// <summary>A task needs a new queue, and its owner has made as many as one may; nothing was stored.</summary>
    OwnerQueuesFull,

    /// <summary>
    /// A task needs a new set of requirements, and its owner has made as many in that queue as one may; nothing was
    /// stored.
    /// </summary>
    OwnerRequirementsFull,

    /// <summary>A task named a module that isn't stored, or is only others'; nothing was stored.</summary>
    ModuleNotFound,

    /// <summary>A task named a file's blob that isn't stored, or is only others'; nothing was stored.</summary>
    BlobNotFound,

    /// <summary>
    /// A task's result is to be verified, and equal runs of its module may differ; nothing was stored. Decided before
    /// the store.
    /// </summary>
    ModuleNotRepeatable,

    /// <summary>A task said how to run a module, and neither it nor its queue names one; nothing was stored.</summary>
    RunWithoutModule,

    /// <summary>A task named packages, and its module isn't a Python script; nothing was stored.</summary>
    PackagesWithoutPython,

    /// <summary>The caller may not submit to the task's queue; nothing was stored. Decided before the store.</summary>
    QueueForbidden,
}

/// <param name="Status">What became of the submission.</param>
/// <param name="Ids">One for each task, in order; empty when nothing was stored.</param>
public sealed record SubmitOutcome(SubmitStatus Status, IReadOnlyList<TaskId> Ids);
