using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>A line as the task to send.</summary>
/// <param name="Json">The task, as the bytes that are sent.</param>
/// <param name="IsLarge">Too large for a batch: it is sent in a request of its own.</param>
internal readonly record struct MapTask(byte[] Json, bool IsLarge)
{
    // The coordinator's limit in a batch; a task sent by itself may have ten times as much.
    private const int BatchPayloadBytesMax = 1 << 20;

    /// <summary>Limit for a whole batch: a fourth of the coordinator's. Proxies accept less, and say so.</summary>
    public const long BatchBytesMax = 8 << 20;

    public static MapTask Of(TaskRequest task) =>
        new(WireText.Bytes(task, WireJson.Default.TaskRequest), task.Payload is { } payload
            && WireText.Length(payload) > BatchPayloadBytesMax);

    /// <summary>Takes as many tasks as fit into one request, at least one.</summary>
    /// <param name="from">Where to begin.</param>
    public static ArraySegment<MapTask> Part(MapTask[] tasks, int from, int countMax, long bytesMax)
    {
        var count = 1;
        for (var bytes = tasks[from].Json.LongLength; !tasks[from].IsLarge && count < countMax
            && from + count < tasks.Length; count++)
        {
            var next = tasks[from + count];
            bytes += next.Json.Length + 1;
            if (next.IsLarge || bytes > bytesMax) break;
        }

        return new(tasks, from, count);
    }
}
