using System.Text.Json;

namespace Weft.Bench.Load;

/// <summary>The members of the new API's answers that are checked here; 0 or empty where they are absent.</summary>
internal readonly ref struct JsonLine
{
    public long Id { get; private init; }

    /// <summary>A number; −1 where there is none, so that no result passes for one.</summary>
    public long Result { get; private init; }

    public ReadOnlySpan<byte> Cursor { get; private init; }
    public bool Done { get; private init; }

    public static JsonLine Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return Read(line);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }

    private static JsonLine Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        long id = 0, result = -1;
        ReadOnlySpan<byte> cursor = default;
        var done = false;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8)) id = json.Read() ? json.GetInt64() : 0;
            else if (json.ValueTextEquals("result"u8)) result = json.Read() ? json.GetInt64() : -1;
            else if (json.ValueTextEquals("cursor"u8)) cursor = json.Read() ? json.ValueSpan : default;
            else if (json.ValueTextEquals("done"u8)) done = json.Read() && json.GetBoolean();
            else json.Skip();
        }
        return new JsonLine { Id = id, Result = result, Cursor = cursor, Done = done };
    }
}
