using Weft.Contracts;

namespace Weft.Client;

/// <summary>The outcome of one input of a map.</summary>
/// <param name="Index">The input's position: 0 or greater.</param>
/// <param name="TaskId">The input's task; null if the coordinator refused it.</param>
/// <param name="Output">The result, unless <paramref name="Error"/> is set.</param>
/// <param name="Error">Why there is no result: refused, dead or cancelled. Null if there is one.</param>
public sealed record MapResult<TInput, TOutput>(long Index, TInput Input, long? TaskId, TOutput? Output, string? Error)
{
    /// <summary>The files that the task wrote, for <see cref="WeftClient.SaveOutputsAsync"/>; empty for none.</summary>
    public IReadOnlyList<TaskOutput> Outputs { get; init; } = [];
}
