using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Weft.Contracts;

namespace Weft.Cli.Exec;

/// <summary>Converts payloads to a program's input, and a program's output to results.</summary>
internal static class ExecResult
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>
    /// A string's text, or any other payload's JSON; with a newline at the end, as line-based tools expect. An unpaired
    /// surrogate becomes U+FFFD in text.
    /// </summary>
    public static byte[] Feed(JsonElement payload) => Encoding.UTF8.GetBytes(WireText.Of(payload) + "\n");

    /// <summary>JSON unchanged, however deep; any other text as a string, without the last newline.</summary>
    /// <param name="output">A byte order mark at its beginning is skipped.</param>
    /// <param name="asText">Always make a string.</param>
    /// <returns>Null if the output is not valid text.</returns>
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
