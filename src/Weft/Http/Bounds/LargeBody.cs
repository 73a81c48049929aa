using System.Buffers;
using Weft.Core.Storage;

namespace Weft.Http.Bounds;

/// <summary>
/// Bodies that count against the <see cref="ByteBudget"/>: memory is reserved as bytes arrive, not when a client
/// announces them, and is held no longer than <see cref="BodyPace"/> allows.
/// </summary>
internal static class LargeBody
{
    // Passed to the server in one piece: a client that doesn't read is detected after this many bytes.
    public const int PieceBytes = 32 << 10;

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="RequestRefusedException">503: memory is short; 408: it took too long.</exception>
    /// <exception cref="BadHttpRequestException">Kestrel rejects the request.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, Admission admission)
    {
        var share = BodyShare.Of(context);
        using var pace = BodyPace.Of(context);
        try
        {
            return await ReadAsync(context, share, admission, pace);
        }
        catch (OperationCanceledException) when (pace.IsOver)
        {
            throw Refuse(context, StatusCodes.Status408RequestTimeout);
        }
    }

    /// <summary>
    /// Reserves memory for a response that hasn't been started: for its text, and for the data behind it.
    /// </summary>
    /// <exception cref="RequestRefusedException">503: memory is short.</exception>
    public static void TakeRoom(HttpContext context, long bytes)
    {
        var share = BodyShare.Of(context);
        if (!share.CoversAnswer && !share.TryGrow(2 * bytes, Admission.Progress))
            throw Refuse(context, StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Sends a body piece by piece, as fast as the client reads it.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        using var pace = BodyPace.Of(context);
        try
        {
            var held = body.Length;
            for (; body.Length > PieceBytes; body = body[PieceBytes..])
            {
                await context.Response.BodyWriter.WriteAsync(body[..PieceBytes], pace.End);
                pace.Moved(PieceBytes, held);
            }

            await context.Response.BodyWriter.WriteAsync(body, pace.End);
        }
        catch (OperationCanceledException) when (pace.IsOver)
        {
            // The response is incomplete; aborting the connection is the only way to signal that.
            context.Abort();
        }
    }

    /// <summary>Flushes a part of a response, and waits until the client has read enough of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pace">The pace of a large part of the response; null: the part is small.</param>
    /// <exception cref="OperationCanceledException">The client has disconnected or is too slow.</exception>
    public static async ValueTask FlushAsync(HttpContext context, BodyPace? pace = null)
    {
        var flush = context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (flush.IsCompletedSuccessfully)
        {
            flush.GetAwaiter().GetResult();
            return;
        }

        using var own = pace is null ? BodyPace.Of(context) : null;
        using var abort = (pace ?? own)!.End.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        await flush;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, BodyShare share,
        Admission admission, BodyPace pace)
    {
        var reader = context.Request.BodyReader;
        var announced = context.Request.ContentLength ?? long.MaxValue;
        var body = Array.Empty<byte>();
        for (var filled = 0; ;)
        {
            var read = await reader.ReadAsync(pace.End);
            var needed = filled + (int)read.Buffer.Length;
            if (needed > body.Length)
            {
                var size = (int)Math.Max(needed, Math.Min(announced, Math.Max(BodyShare.SmallMax, 2L * body.Length)));
                if (!share.TryGrow(size - body.Length, admission))
                {
                    // The reader must be advanced before the server can drain the rest.
                    reader.AdvanceTo(read.Buffer.End);
                    throw Refuse(context, StatusCodes.Status503ServiceUnavailable);
                }

                Array.Resize(ref body, size);
            }

            read.Buffer.CopyTo(body.AsSpan(filled));
            pace.Moved(needed - filled, needed);
            filled = needed;
            reader.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted) continue;
            // The remaining work takes a while, and this may be a thread that serves many sockets: leave it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return body.AsMemory(0, filled);
        }
    }

    /// <summary>Closes the connection after the response: reading the rest of the body isn't worthwhile.</summary>
    public static RequestRefusedException Refuse(HttpContext context, int status)
    {
        context.Response.Headers.Connection = "close";
        return new(status, "The request body was not read.");
    }
}
