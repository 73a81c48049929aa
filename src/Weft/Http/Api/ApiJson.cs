using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;
using Weft.Core.Tasks;

namespace Weft.Http.Api;

/// <summary>Writes the API's responses. Stored JSON is sent byte for byte.</summary>
internal static class ApiJson
{
    private const int TextBytesLeast = 512;

    /// <param name="bytes">The size of the embedded data, so that a large response needs only one allocation.</param>
    public static Task AnswerAsync<T>(HttpContext context, int status, T value, Action<Utf8JsonWriter, T> write,
        long bytes = 0)
    {
        var json = new ArrayBufferWriter<byte>((int)Math.Min(TextBytesLeast + bytes, Array.MaxLength));
        using (var writer = new Utf8JsonWriter(json, JsonResponse.WriterOptions)) write(writer, value);
        return JsonResponse.WriteAsync(context, json.WrittenMemory, status);
    }

    /// <summary>A small, rare response: its contract, serialized.</summary>
    public static Task AnswerAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type) =>
        JsonResponse.WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type), status);

    /// <summary>A submitter's body: unchanged if it is JSON, otherwise as one JSON string.</summary>
    public static void WritePayload(this Utf8JsonWriter writer, Payload payload)
    {
        writer.WritePropertyName("payload"u8);
        if (payload.IsJson) writer.WriteRawValue(payload.Bytes.Span, skipInputValidation: true);
        else writer.WriteStringValue(payload.Bytes.Span);
    }

    /// <summary>A member that is omitted if the value is null; <paramref name="json"/> is valid JSON.</summary>
    public static void WriteRawOrNothing(this Utf8JsonWriter writer, ReadOnlySpan<byte> name,
        ReadOnlyMemory<byte>? json)
    {
        if (json is not { } value) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.Span, skipInputValidation: true);
    }

    /// <summary>The same on one line. Outside strings, where JSON has no line breaks, a space means the same.</summary>
    public static void WriteRawLineOrNothing(this Utf8JsonWriter writer, ReadOnlySpan<byte> name,
        ReadOnlyMemory<byte>? json)
    {
        if (json is not { } value || !value.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            writer.WriteRawOrNothing(name, json);
            return;
        }

        var line = value.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        writer.WriteRawOrNothing(name, line);
    }

    public static void WriteOrNothing(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    public static void WriteOrNothing(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known) writer.WriteTime(name, known);
    }

    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[UtcTime.Length];
        UtcTime.Write(time, text);
        writer.WriteString(name, text);
    }

    public static void WriteSeconds(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, TimeSpan time) =>
        writer.WriteNumber(name, (decimal)time.TotalMilliseconds / 1000);
}
