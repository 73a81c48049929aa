using Weft.Contracts;

namespace Weft.Client;

/// <summary>What became of one input of a map.</summary>
/// <param name="Index">The input's place: 0 or greater.</param>
/// <param name="TaskId">The task that it was; null when the coordinator refused it.</param>
/// <param name="Output">The result, unless <paramref name="Error"/> says why there is none.</param>
/// <param name="Error">Why there is no result: refused, dead or cancelled. Null when there is one.</param>
public sealed record MapResult<TInput, TOutput>(long Index, TInput Input, long? TaskId, TOutput? Output, string? Error)
{
    /// <summary>
    /// The files that the task has written, for <see cref="WeftClient.SaveOutputsAsync"/>; empty for none.
    /// </summary>
    public IReadOnlyList<TaskOutput> Outputs { get; init; } = [];
}
