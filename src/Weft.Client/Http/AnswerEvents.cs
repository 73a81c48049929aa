using System.Text;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>Parses server-sent events from lines.</summary>
internal sealed class AnswerEvents
{
    private string? _event;
    private string? _cursor;
    private byte[]? _data;

    /// <summary>Adds a line, without its line ending.</summary>
    /// <returns>The event that this line completes; an event with only a cursor marks the stream's position. Null if
    /// the line completes none.</returns>
    /// <exception cref="System.Text.Json.JsonException">The data is not an event.</exception>
    public EventInfo? Add(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return Take();
        var colon = line.IndexOf((byte)':');
        if (colon <= 0) return null;
        var value = line[(colon + 1)..];
        if (value.StartsWith(" "u8)) value = value[1..];
        if (line[..colon].SequenceEqual("id"u8)) _cursor = Encoding.UTF8.GetString(value);
        else if (line[..colon].SequenceEqual("event"u8)) _event = Encoding.UTF8.GetString(value);
        else if (line[..colon].SequenceEqual("data"u8)) _data = value.ToArray();
        return null;
    }

    private EventInfo? Take()
    {
        if (_data is null && _cursor is null) return null;
        var info = _data is null ? new() : WeftAnswer.Parse(_data, WireJson.Default.EventInfo);
        info = info with { Event = _data is null ? null : _event, Cursor = _cursor };
        (_event, _cursor, _data) = (null, null, null);
        return info;
    }
}
