using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// How text that people and programs write becomes JSON, and JSON text, however deep it is and whatever its strings
/// hold.
/// </summary>
internal static class JsonText
{
    /// <summary>JSON as it is; any other text as a string of it. Careful with what somebody typed.</summary>
    /// <param name="asText">True: a string in any case.</param>
    /// <exception cref="UsageFailure">It begins as an object, an array or a string of JSON, but isn't one: most likely
    /// a slip.</exception>
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

    // The reader's own message ends with the place, counted from 0.
    private static string Explain(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = end < 0 ? exception.Message : exception.Message[..end];
        var line = exception.LineNumber is > 0 and var number ? $"line {number + 1}, " : "";
        return string.Create(CultureInfo.InvariantCulture,
            $" at {line}byte {exception.BytePositionInLine + 1}: {reason.TrimEnd('.')}");
    }

    /// <summary>A value as one line: nobody but this program ends lines of its output.</summary>
    /// <param name="asText">
    /// True: a string's own text instead of its JSON, with its line ends as JSON writes them (\n, \r).
    /// </param>
    public static string Write(JsonElement value, bool asText) =>
        asText && value.ValueKind == JsonValueKind.String
            ? WireText.Of(value).Replace("\r", "\\r", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
            : Encoding.UTF8.GetString(OneLine(JsonMarshal.GetRawUtf8Value(value).ToArray()));

    /// <summary>JSON without line ends. They are between its tokens, never in its strings, so that blanks mean the
    /// same.</summary>
    public static ReadOnlySpan<byte> OneLine(Span<byte> json)
    {
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
        return json;
    }
}
