using Weft.Core.Storage;

namespace Weft.Core.Explaining;

/// <summary>A task, and what is ahead of it in its queue, according to the store.</summary>
/// <param name="History">The task with its attempts.</param>
/// <param name="QueueIsPaused">Nothing is claimed from its queue.</param>
/// <param name="Ahead"> For a ready task: the ready tasks of its queue with the same requirements that are claimed
/// before it, counted up to one more than <see cref="Limits.AheadCountMax"/>. 0 in every other state.
/// </param>
/// <param name="Finishes"> When tasks of its queue with the same requirements recently completed or became dead, newest
/// first: those among the last <see cref="Limits.FinishSampleMax"/> that finished in the whole store.
/// </param>
public sealed record TaskStanding(
    TaskHistory History, bool QueueIsPaused, int Ahead, IReadOnlyList<DateTimeOffset> Finishes);
