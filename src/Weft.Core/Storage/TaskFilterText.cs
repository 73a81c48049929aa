using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>A stored filter: JSON with the names of <c>GET /tasks</c>, without owner and order.</summary>
public static class TaskFilterText
{
    public static string Write(TaskFilter filter)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (filter.State is { } state) writer.WriteNumber("state", (int)state);
            WriteText(writer, "queue", filter.Queue);
            if (filter.Group is { } group) writer.WriteNumber("group", group.Value);
            WriteText(writer, "type", filter.Type);
            WriteText(writer, "worker", filter.WorkerId);
            if (filter.Priority is { } priority) writer.WriteNumber("priority", priority);
            WriteTime(writer, "submittedAfter", filter.SubmittedAfter);
            WriteTime(writer, "submittedBefore", filter.SubmittedBefore);
            WriteTime(writer, "finishedAfter", filter.FinishedAfter);
            WriteTime(writer, "finishedBefore", filter.FinishedBefore);
            WriteText(writer, "error", filter.ErrorText);
            WriteText(writer, "payload", filter.PayloadText);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    public static TaskFilter Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        var filter = new TaskFilter();
        foreach (var member in json.RootElement.EnumerateObject()) filter = Take(filter, member.Name, member.Value);
        return filter;
    }

    private static TaskFilter Take(TaskFilter filter, string name, JsonElement value) => name switch
    {
        "state" => filter with { State = (TaskState)value.GetInt32() },
        "queue" => filter with { Queue = value.GetString() },
        "group" => filter with { Group = new(value.GetInt64()) },
        "type" => filter with { Type = value.GetString() },
        "worker" => filter with { WorkerId = value.GetString() },
        "priority" => filter with { Priority = value.GetInt32() },
        "submittedAfter" => filter with { SubmittedAfter = ReadTime(value) },
        "submittedBefore" => filter with { SubmittedBefore = ReadTime(value) },
        "finishedAfter" => filter with { FinishedAfter = ReadTime(value) },
        "finishedBefore" => filter with { FinishedBefore = ReadTime(value) },
        "error" => filter with { ErrorText = value.GetString() },
        "payload" => filter with { PayloadText = value.GetString() },
        // Ignoring an unknown member would select more tasks than intended.
        _ => throw new InvalidOperationException($"A stored filter has the unknown member {name}."),
    };

    private static DateTimeOffset ReadTime(JsonElement value) =>
        DateTimeOffset.ParseExact(value.GetString()!, "O", CultureInfo.InvariantCulture);

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known) writer.WriteString(name, known.ToString("O", CultureInfo.InvariantCulture));
    }
}
