using System.Text;
using System.Text.Json;
using Weft.Cli.Remote;

namespace Weft.Cli.Exec;

/// <summary>Payloads as programs read them, and results as programs write them.</summary>
internal static class ExecResult
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A string's text, any other payload's JSON; with a line end, since that is what tools for lines expect.</summary>
    public static byte[] Feed(JsonElement payload) => Strict.GetBytes(JsonText.Write(payload, asText: true) + "\n");

    /// <summary>JSON as it is, any other text as a string, without the line end of its last line.</summary>
    /// <param name="asText">A string in any case.</param>
    /// <returns>Null when it is no text.</returns>
    public static JsonElement? Read(byte[] output, bool asText)
    {
        try
        {
            var text = Strict.GetString(output);
            return JsonText.ReadAny(text.EndsWith('\n') ? text[..^1] : text, asText);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
