using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>Does a task.</summary>
/// <param name="cancellationToken">Cancelled when the task is no longer this worker's, or the worker has to end: its
/// result would be thrown away.</param>
/// <returns>The result: any JSON.</returns>
public delegate Task<JsonElement> TaskHandler(WorkerTask task, CancellationToken cancellationToken);

/// <summary>Makes handlers of functions with types of their own.</summary>
public static class TaskHandlers
{
    /// <summary>A payload that is not of its type kills the task: no further attempt could read it.</summary>
    /// <param name="input">How the payload is JSON.</param>
    /// <param name="output">How the result is JSON.</param>
    public static TaskHandler Typed<TInput, TOutput>(
        JsonTypeInfo<TInput> input, JsonTypeInfo<TOutput> output,
        Func<TInput, WorkerTask, CancellationToken, Task<TOutput>> handle) =>
        async (task, cancellationToken) =>
            WireText.Element(await handle(Read(task, input), task, cancellationToken), output);

    private static T Read<T>(WorkerTask task, JsonTypeInfo<T> type)
    {
        try
        {
            return WeftClient.Read(task.Payload, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new AttemptFailedException($"This worker can't read the payload: {exception.Message}",
                mayRetry: false);
        }
    }
}
