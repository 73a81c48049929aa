using System.Buffers;
using System.IO.Pipelines;

namespace Weft.Http;

/// <summary>Reads a request's whole body. Kestrel bounds its size (413) and its slowness.</summary>
internal static class RequestBody
{
    // A client that announces much and sends nothing gets no more memory than this.
    private const int TrustedLengthMax = 64 << 10;

    /// <summary>The body's bytes, copied once when the client said how many there are.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var length = context.Request.ContentLength;
        if (length == 0) return default;
        if (length <= TrustedLengthMax) return await ReadExactlyAsync(reader, (int)length.Value, context.RequestAborted);

        var body = new ArrayBufferWriter<byte>(TrustedLengthMax);
        for (; ; )
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var segment in read.Buffer) body.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.WrittenMemory;
        }
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
        read.Buffer.CopyTo(body);
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
