using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>Converts text to JSON, and JSON to text, however deep and whatever its strings contain.</summary>
internal static class JsonText
{
    /// <summary>JSON unchanged; any other text as a string. Rejects likely typing mistakes.</summary>
    /// <param name="asText">True: a string in any case.</param>
    /// <exception cref="UsageFailure">It begins like a JSON object, array or string, but is not valid JSON: most likely
    /// a mistake.</exception>
    public static JsonElement ReadTyped(string text, bool asText)
    {
        if (asText) return WireText.Element(text);
        try
        {
            return WireText.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException exception)
        {
            if (text.TrimStart() is ['{' or '[' or '"', ..])
            {
                throw new UsageFailure(
                    $"This starts as JSON does, but is not valid{Explain(exception)}. To send it as " +
                    "text, add --text.");
            }
            return WireText.Element(text);
        }
    }

    // The reader's own message ends with the position, counted from 0.
    private static string Explain(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = end < 0 ? exception.Message : exception.Message[..end];
        var line = exception.LineNumber is > 0 and var number ? $"line {number + 1}, " : "";
        return string.Create(CultureInfo.InvariantCulture,
            $" at {line}byte {exception.BytePositionInLine + 1}: {reason.TrimEnd('.')}");
    }

    /// <summary>A value on one line: only this program ends lines of its output.</summary>
    /// <param name="asText">
    /// True: a string's own text instead of its JSON, with its line ends as JSON writes them (\n, \r).
    /// </param>
    public static string Write(JsonElement value, bool asText) =>
        asText && value.ValueKind == JsonValueKind.String
            ? WireText.Of(value).Replace("\r", "\\r", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
            : Encoding.UTF8.GetString(OneLine(JsonMarshal.GetRawUtf8Value(value).ToArray()));

    /// <summary>
    /// JSON without line breaks. They occur between its tokens, never in its strings, so spaces mean the same.
    /// </summary>
    public static ReadOnlySpan<byte> OneLine(Span<byte> json)
    {
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
        return json;
    }
}
