using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weft.Http.Bounds;

namespace Weft.Http;

/// <summary>Writes small JSON responses directly into the response buffer.</summary>
internal static class JsonResponse
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>
    /// Responses are JSON for programs, never part of a page, so "é" needs no escape. Tests cover each writer's order
    /// of calls.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Answers with bytes that are complete JSON.</summary>
    public static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json, int status = StatusCodes.Status200OK,
        string contentType = ContentType)
    {
        if (json.Length > BodyShare.SmallMax) return WriteLargeAsync(context, json, status, contentType);
        Begin(context, status, json.Length, contentType);
        return context.Response.BodyWriter.WriteAsync(json).GetAsTask();
    }

    /// <summary>
    /// Answers with a prefix, a number, and JSON around a value that is already valid JSON:
    /// <c>{"taskId":7,"data":…}</c>.
    /// </summary>
    public static Task WriteAsync(HttpContext context, ReadOnlySpan<byte> beforeNumber, long number,
        ReadOnlySpan<byte> beforeValue, ReadOnlySpan<byte> value, ReadOnlySpan<byte> end)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var digitCount);
        var length = beforeNumber.Length + digitCount + beforeValue.Length + value.Length + end.Length;
        if (length > BodyShare.SmallMax)
            return WriteAsync(context,
                (byte[])[.. beforeNumber, .. digits[..digitCount], .. beforeValue, .. value, .. end]);
        Begin(context, StatusCodes.Status200OK, length);
        var writer = context.Response.BodyWriter;
        writer.Write(beforeNumber);
        writer.Write(digits[..digitCount]);
        writer.Write(beforeValue);
        writer.Write(value);
        writer.Write(end);
        return writer.FlushAsync().GetAsTask();
    }

    /// <summary>One JSON string of UTF-8 text, quotes included.</summary>
    public static ReadOnlyMemory<byte> Quote(ReadOnlySpan<byte> utf8)
    {
        var quoted = new ArrayBufferWriter<byte>(utf8.Length + 16);
        using (var writer = new Utf8JsonWriter(quoted, WriterOptions)) writer.WriteStringValue(utf8);
        return quoted.WrittenMemory;
    }

    private static Task WriteLargeAsync(HttpContext context, ReadOnlyMemory<byte> json, int status, string contentType)
    {
        LargeBody.TakeRoom(context, json.Length);
        Begin(context, status, json.Length, contentType);
        return LargeBody.WriteAsync(context, json);
    }

    private static void Begin(HttpContext context, int status, int length, string contentType = ContentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = length;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static Task GetAsTask(this ValueTask<System.IO.Pipelines.FlushResult> flush)
    {
        if (!flush.IsCompletedSuccessfully) return flush.AsTask();
        // A completed write has no result; awaiting it lets its source be reused.
        flush.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }
}
