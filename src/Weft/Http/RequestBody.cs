using System.IO.Pipelines;
using Weft.Core.Storage;
using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http;

/// <summary>
/// Reads a request's whole body. Kestrel limits its size (413) and its slowness (408); a large one needs a share of the
/// memory budget (503); a compressed one is rejected (415).
/// </summary>
internal static class RequestBody
{
    /// <summary>The body's bytes, copied once if it is small and the client sent its length.</summary>
    /// <param name="context">The request.</param>
    /// <param name="admission">Whether it is rejected first or last when memory is short.</param>
    /// <exception cref="RequestRefusedException">The body is compressed, memory is short, or the token ended before it
    /// was complete.</exception>
    /// <exception cref="BadHttpRequestException">Kestrel rejects the request.</exception>
    public static ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context,
        Admission admission = Admission.Progress)
    {
        RejectContentEncoding(context);
        var length = context.Request.ContentLength;
        if (length == 0) return default;
        var body = length <= BodyShare.SmallMax
            ? ReadExactlyAsync(context.Request.BodyReader, (int)length.Value, context.RequestAborted)
            : LargeBody.ReadAsync(context, admission);
        if (!body.IsCompletedSuccessfully) return CheckTokenAfterAsync(context, body);
        // Even if the whole body is already there: on a busy machine it may have arrived while this request waited for
        // its thread.
        AccessControl.EnsureNotEnded(context);
        return body;
    }

    /// <summary>The body as a stream, for a caller that stores it in chunks.</summary>
    public static Stream Open(HttpContext context)
    {
        RejectContentEncoding(context);
        return new AdmittedBody(context);
    }

    // A body may take minutes to arrive, and its token may expire or be revoked in that time.
    private static async ValueTask<ReadOnlyMemory<byte>> CheckTokenAfterAsync(HttpContext context,
        ValueTask<ReadOnlyMemory<byte>> coming)
    {
        var body = await coming;
        AccessControl.EnsureNotEnded(context);
        return body;
    }

    // Nothing here decompresses, so a small body can't expand into a large one.
    private static void RejectContentEncoding(HttpContext context)
    {
        var coding = context.Request.Headers.ContentEncoding;
        if (coding.Count > 0 && coding != "identity") throw Unsupported();
    }

    private static RequestRefusedException Unsupported() =>
        new(StatusCodes.Status415UnsupportedMediaType, "Content-Encoding is not supported.");

    private static async ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(PipeReader reader, int length,
        CancellationToken cancellationToken)
    {
        var read = await reader.ReadAtLeastAsync(length, cancellationToken);
        // Kestrel cancels pending reads when it stops. The rest still arrives, and an incomplete body must never be
        // treated as complete.
        while (read.IsCanceled && read.Buffer.Length < length)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAtLeastAsync(length, cancellationToken);
        }
        var body = GC.AllocateUninitializedArray<byte>((int)read.Buffer.Length);
        System.Buffers.BuffersExtensions.CopyTo(read.Buffer, body);
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
