using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>A line as the task that is sent.</summary>
/// <param name="Json">The task, as the bytes that go over the wire.</param>
/// <param name="IsLarge">Too large for a batch: it goes by itself.</param>
internal readonly record struct MapTask(byte[] Json, bool IsLarge)
{
    // What the coordinator takes in a batch; by itself, a task may have ten times as much.
    private const int BatchPayloadBytesMax = 1 << 20;

    /// <summary>
    /// What a batch may have altogether: a fourth of what the coordinator takes. Proxies take less, and say so.
    /// </summary>
    public const long BatchBytesMax = 8 << 20;

    public static MapTask Of(TaskRequest task) =>
        new(WireText.Bytes(task, WireJson.Default.TaskRequest), task.Payload is { } payload
            && WireText.Length(payload) > BatchPayloadBytesMax);

    /// <summary>Takes those that one request can have, at least one.</summary>
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
