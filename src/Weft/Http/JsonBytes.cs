using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Weft.Core;

namespace Weft.Http;

/// <summary>Inspects bytes that may or may not be JSON, without building a document.</summary>
internal static class JsonBytes
{
    // Clients parse it, and most parsers are slow or fail if it is nested very deep.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = Limits.JsonDepthMax };

    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);

    /// <summary>A reader for JSON of up to <see cref="Limits.JsonDepthMax"/> levels.</summary>
    public static Utf8JsonReader Read(ReadOnlySpan<byte> utf8) => new(utf8, Deep);

    /// <summary>Whether they are JSON of up to <see cref="Limits.JsonDepthMax"/> levels.</summary>
    public static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Deep);
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

    /// <summary>Whether the reader is at a member with this name, which is ASCII.</summary>
    public static bool IsNamed(in Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        !EscapesSurrogate(reader) && reader.ValueTextEquals(name);

    /// <summary>
    /// Whether the text at the reader's position has an escaped surrogate, so that it isn't ASCII. An unpaired one is
    /// valid JSON but not text, and comparing it costs an exception: a body can have a million of them.
    /// </summary>
    public static bool EscapesSurrogate(in Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return false;
        var text = reader.ValueSpan;
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0 && at + 3 < text.Length; text = text[(at + 2)..])
        {
            // \uD800 to \uDFFF. An escaped backslash is skipped with the one before it.
            if (text[at + 1] == 'u' && (text[at + 2] | 0x20) == 'd'
                && text[at + 3] is not (>= (byte)'0' and <= (byte)'7')) return true;
        }

        return false;
    }

    /// <summary>
    /// The string or member name at the reader's position; false: it escapes an unpaired surrogate, which is valid JSON
    /// but not text.
    /// </summary>
    public static bool TryGetText(this in Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>
    /// The result within the body of a frozen result request: the value of the member <c>result</c> if the body is an
    /// object with one (the last, as in JavaScript), otherwise the whole body; as one JSON string if it isn't JSON.
    /// </summary>
    public static ReadOnlyMemory<byte> ExtractResult(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, Deep);
        try
        {
            var found = body;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return IsJson(body.Span) ? body : JsonResponse.Quote(body.Span);
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
