using Weft.Core.Storage;

namespace Weft.Core.Explaining;

/// <summary>A task, and what stands before it in its queue, as a store knows it.</summary>
/// <param name="History">The task with its attempts.</param>
/// <param name="QueueIsPaused">Nothing is claimed from its queue.</param>
/// <param name="Ahead">
/// Of a ready task: the ready ones of its queue with the same requirements that are claimed before it, counted up to
/// one more than <see cref="Limits.AheadCountMax"/>. 0 in every other state.
/// </param>
/// <param name="Finishes">
/// When tasks of its queue with the same requirements were completed or died lately, the newest first: those among the
/// last <see cref="Limits.FinishSampleMax"/> that finished in the whole store.
/// </param>
public sealed record TaskStanding(
    TaskHistory History, bool QueueIsPaused, int Ahead, IReadOnlyList<DateTimeOffset> Finishes);
