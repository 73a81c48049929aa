using System.IO.Pipelines;
using Weft.Http.Bounds;

namespace Weft.Http;

/// <summary>
/// Reads a request's whole body. Kestrel bounds its size (413) and its slowness (408); large ones need a share of the
/// memory (503), and come as they are (415): nothing is unpacked, so nothing can blow up.
/// </summary>
internal static class RequestBody
{
    /// <summary>The body's bytes, copied once when it is small and the client said how many there are.</summary>
    /// <param name="context">The request.</param>
    /// <param name="urgency">Whether it is turned away first or last when memory is short.</param>
    /// <exception cref="BadHttpRequestException">It can't be read; the status says why.</exception>
    public static ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, Urgency urgency = Urgency.MovesWorkOn)
    {
        RefusePacked(context);
        var length = context.Request.ContentLength;
        if (length == 0) return default;
        return length <= BodyShare.SmallMax
            ? ReadExactlyAsync(context.Request.BodyReader, (int)length.Value, context.RequestAborted)
            : LargeBody.ReadAsync(context, urgency);
    }

    /// <exception cref="BadHttpRequestException">The body is compressed: nothing here unpacks it.</exception>
    public static void RefusePacked(HttpContext context)
    {
        var coding = context.Request.Headers.ContentEncoding;
        if (coding.Count > 0 && coding != "identity") throw new BadHttpRequestException("The body is packed.", StatusCodes.Status415UnsupportedMediaType);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(PipeReader reader, int length, CancellationToken stop)
    {
        var read = await reader.ReadAtLeastAsync(length, stop);
        // Kestrel cancels pending reads when it stops. The rest still comes, and half a body must never pass for a whole.
        while (read.IsCanceled && read.Buffer.Length < length)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAtLeastAsync(length, stop);
        }
        var body = GC.AllocateUninitializedArray<byte>((int)read.Buffer.Length);
        System.Buffers.BuffersExtensions.CopyTo(read.Buffer, body);
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
