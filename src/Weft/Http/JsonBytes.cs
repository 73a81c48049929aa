using System.Text.Json;
using System.Text.Unicode;

namespace Weft.Http;

/// <summary>Looks at bytes that may or may not be JSON, without building a document.</summary>
internal static class JsonBytes
{
    // Reading needs a bit for each level, no stack: what somebody nested deep is handed out as it came.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);

    /// <summary>A reader of JSON that may be nested however deep.</summary>
    public static Utf8JsonReader Read(ReadOnlySpan<byte> utf8) => new(utf8, AnyDepth);

    public static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, AnyDepth);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the reader stands on a member of this name.</summary>
    public static bool IsNamed(in Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON's grammar allows it, but it is no text, and no name of ours.
            return false;
        }
    }

    /// <summary>
    /// The result within the body of a frozen result request: the value of the member <c>result</c> when the body is
    /// an object that has one (the last, as JavaScript reads it), else the whole body; as one JSON string when it isn't JSON.
    /// </summary>
    public static ReadOnlyMemory<byte> ExtractResult(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, AnyDepth);
        try
        {
            var found = body;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return IsJson(body.Span) ? body : JsonResponse.Quote(body.Span);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isResult = IsNamed(reader, "result"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isResult) found = body[start..(int)reader.BytesConsumed];
            }

            reader.Read();
            return found;
        }
        catch (JsonException)
        {
            return JsonResponse.Quote(body.Span);
        }
    }
}
