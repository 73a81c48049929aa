using System.Text.Json;

namespace Weft.Bench.Load;

/// <summary>
/// What the frozen endpoints answer, each member as the raw JSON that came (quotes included), empty where it is absent.
/// </summary>
internal readonly ref struct TaskAnswer
{
    public long TaskId { get; private init; }
    public ReadOnlySpan<byte> Status { get; private init; }
    public ReadOnlySpan<byte> Data { get; private init; }
    public ReadOnlySpan<byte> Result { get; private init; }

    /// <summary>
    /// Members that are not asked for here are skipped; anything that is not one JSON object is an answer without
    /// members.
    /// </summary>
    public static TaskAnswer Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return Read(body);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static TaskAnswer Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;

        long taskId = 0;
        ReadOnlySpan<byte> status = default, data = default, result = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("taskId"u8))
                taskId = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id)
                    ? id : 0;
            else if (reader.ValueTextEquals("status"u8)) status = body[TakeValue(ref reader)];
            else if (reader.ValueTextEquals("data"u8)) data = body[TakeValue(ref reader)];
            else if (reader.ValueTextEquals("result"u8)) result = body[TakeValue(ref reader)];
            else reader.Skip();
        }
        // Reads to the end: bytes after the object throw.
        reader.Read();
        return new TaskAnswer { TaskId = taskId, Status = status, Data = data, Result = result };
    }

    private static Range TakeValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
