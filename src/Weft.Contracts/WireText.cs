using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Contracts;

/// <summary>JSON on the wire: written as unescaped UTF-8, read in any form.</summary>
public static class WireText
{
    /// <summary>
    /// The nesting limit when reading: the deepest JSON that the coordinator sends, plus the enclosing levels. Reading
    /// takes time quadratic in the depth, and the sender may be hostile.
    /// </summary>
    public const int DepthMax = 1_024;

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = PlainJsonEncoder.Instance,
        MaxDepth = int.MaxValue,
        SkipValidation = true,
    };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = DepthMax };

    /// <summary>A writer that escapes no more than JSON requires.</summary>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, Plain);

    /// <summary>A value as the bytes that are sent.</summary>
    public static byte[] Bytes<T>(T value, JsonTypeInfo<T> type)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = Writer(bytes)) JsonSerializer.Serialize(writer, value, type);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A value as JSON: a payload, or a result.</summary>
    public static JsonElement Element<T>(T value, JsonTypeInfo<T> type) => Parse(Bytes(value, type));

    /// <summary>Text as a JSON string.</summary>
    public static JsonElement Element(string text)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = Writer(bytes)) writer.WriteStringValue(text);
        return Parse(bytes.WrittenMemory);
    }

    /// <summary>Text as a JSON string.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public static JsonElement Element(ReadOnlySpan<byte> utf8)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = Writer(bytes)) writer.WriteStringValue(utf8);
        return Parse(bytes.WrittenMemory);
    }

    /// <summary>Reads JSON of up to <see cref="DepthMax"/> levels.</summary>
    /// <exception cref="JsonException">It is invalid, or nested too deeply.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, Deep);
        return document.RootElement.Clone();
    }

    /// <summary>A value's length in bytes on the wire.</summary>
    public static int Length(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? 4 : JsonMarshal.GetRawUtf8Value(value).Length;

    /// <summary>
    /// A JSON string's text, with U+FFFD for unpaired surrogates, which no string can hold; for any other value, its
    /// JSON.
    /// </summary>
    public static string Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (raw.IndexOf((byte)'\\') is var next and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(raw[..next]));
            var escape = (char)raw[next + 1];
            text.Append(escape switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)Convert.ToUInt16(Encoding.ASCII.GetString(raw.Slice(next + 2, 4)), 16),
                _ => escape,
            });
            raw = raw[(next + (escape == 'u' ? 6 : 2))..];
        }

        text.Append(Encoding.UTF8.GetString(raw));
        // A round trip through bytes replaces invalid characters with U+FFFD.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
