using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Weft.Contracts;

namespace Weft.Cli.Exec;

/// <summary>Payloads as programs read them, and results as programs write them.</summary>
internal static class ExecResult
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>
    /// A string's text, any other payload's JSON; with a line end, since that is what tools for lines expect. Half of a
    /// surrogate pair is U+FFFD in text.
    /// </summary>
    public static byte[] Feed(JsonElement payload) => Encoding.UTF8.GetBytes(WireText.Of(payload) + "\n");

    /// <summary>
    /// JSON as it is, however deep, any other text as a string, without the line end of its last line.
    /// </summary>
    /// <param name="output">A byte order mark at its beginning is none of it.</param>
    /// <param name="asText">A string in any case.</param>
    /// <returns>Null when it is no text.</returns>
    public static JsonElement? Read(byte[] output, bool asText)
    {
        if (!Utf8.IsValid(output)) return null;
        var text = output.AsMemory(output.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0);
        if (text.Span.EndsWith("\n"u8)) text = text[..^(text.Span.EndsWith("\r\n"u8) ? 2 : 1)];
        if (asText) return WireText.Element(text.Span);
        try
        {
            return WireText.Parse(text);
        }
        catch (JsonException)
        {
            return WireText.Element(text.Span);
        }
    }
}
