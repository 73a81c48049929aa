using System.Text.Json;

namespace Weft.Cli.Remote;

/// <summary>How text that people and programs write becomes JSON, and JSON text.</summary>
internal static class JsonText
{
    /// <summary>JSON as it is; any other text as a string of it.</summary>
    /// <param name="asText">True: a string in any case.</param>
    public static JsonElement ReadAny(string text, bool asText)
    {
        if (asText) return JsonSerializer.SerializeToElement(text, RemoteJson.Default.String);
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return ReadAny(text, asText: true);
        }
    }

    /// <summary>As <see cref="ReadAny"/>, but careful with what somebody typed.</summary>
    /// <exception cref="UsageFailure">It begins as an object, an array or a string of JSON, but isn't one: most likely a slip.</exception>
    public static JsonElement ReadTyped(string text, bool asText)
    {
        var value = ReadAny(text, asText);
        if (asText || value.ValueKind != JsonValueKind.String || text.TrimStart() is not ['{' or '[' or '"', ..]) return value;
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new UsageFailure($"This is not JSON: {exception.Message} To have it taken as text, add --text.");
        }
    }

    /// <param name="asText">True: a string's own text instead of its JSON.</param>
    public static string Write(JsonElement value, bool asText) =>
        asText && value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
