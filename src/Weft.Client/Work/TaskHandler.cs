using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>Runs a task.</summary>
/// <param name="cancellationToken">Cancelled when the worker loses the lease or has to stop: the result would be
/// discarded.</param>
/// <returns>The result: any JSON.</returns>
public delegate Task<JsonElement> TaskHandler(WorkerTask task, CancellationToken cancellationToken);

/// <summary>Makes handlers from functions with typed payloads and results.</summary>
public static class TaskHandlers
{
    /// <summary>A payload that isn't of its type makes the task dead: no further attempt could read it.</summary>
    /// <param name="input">How to read the payload from JSON.</param>
    /// <param name="output">How to write the result as JSON.</param>
    public static TaskHandler Typed<TInput, TOutput>(
        JsonTypeInfo<TInput> input, JsonTypeInfo<TOutput> output,
        Func<TInput, WorkerTask, CancellationToken, Task<TOutput>> handle) =>
        async (task, cancellationToken) =>
            WireText.Element(await handle(Read(task, input), task, cancellationToken), output);

    private static T Read<T>(WorkerTask task, JsonTypeInfo<T> type)
    {
        try
        {
            return WeftClient.Read(task.Payload, type) ?? throw new JsonException("The payload is null.");
        }
        catch (JsonException exception)
        {
            throw new AttemptFailedException($"This worker can't read the payload: {exception.Message}",
                mayRetry: false);
        }
    }
}
