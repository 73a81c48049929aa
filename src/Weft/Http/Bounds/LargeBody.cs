using System.Buffers;
using Weft.Serve;

namespace Weft.Http.Bounds;

/// <summary>Bodies that are worth counting: memory is taken as bytes come, never because a client announces them, and for a bounded time.</summary>
internal static class LargeBody
{
    // What is handed to the server in one piece: a client that takes nothing is found out after this much.
    public const int PieceBytes = 32 << 10;

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="BadHttpRequestException">503: there is no room; 408: it took too long; what Kestrel has against it.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, Urgency urgency)
    {
        var share = BodyShare.Of(context);
        using var deadline = Deadline(context);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await ReadAsync(context, share, urgency, end.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw Refuse(context, StatusCodes.Status408RequestTimeout);
        }
    }

    /// <summary>Takes room for an answer that hasn't been begun: for its text, and for what it was made of.</summary>
    /// <exception cref="BadHttpRequestException">503: there is none.</exception>
    public static void TakeRoom(HttpContext context, long bytes)
    {
        var share = BodyShare.Of(context);
        if (!share.CoversAnswer && !share.TryGrow(2 * bytes, Urgency.MovesWorkOn)) throw Refuse(context, StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Sends a body piece by piece, as fast as the client takes it.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        using var deadline = Deadline(context);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            for (; body.Length > PieceBytes; body = body[PieceBytes..]) await context.Response.BodyWriter.WriteAsync(body[..PieceBytes], end.Token);
            await context.Response.BodyWriter.WriteAsync(body, end.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Half an answer: nothing but the end of the connection tells the client so.
            context.Abort();
        }
    }

    /// <summary>Waits until the client has taken enough of an answer that has no end yet.</summary>
    /// <exception cref="OperationCanceledException">It has gone, or takes too long.</exception>
    public static async ValueTask FlushAsync(HttpContext context)
    {
        var flush = context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (flush.IsCompletedSuccessfully)
        {
            flush.GetAwaiter().GetResult();
            return;
        }

        using var deadline = Deadline(context);
        using var abort = deadline.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        await flush;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, BodyShare share, Urgency urgency, CancellationToken end)
    {
        var reader = context.Request.BodyReader;
        var announced = context.Request.ContentLength ?? long.MaxValue;
        var body = Array.Empty<byte>();
        for (var filled = 0; ;)
        {
            var read = await reader.ReadAsync(end);
            var needed = filled + (int)read.Buffer.Length;
            if (needed > body.Length)
            {
                var size = (int)Math.Max(needed, Math.Min(announced, Math.Max(BodyShare.SmallMax, 2L * body.Length)));
                if (!share.TryGrow(size - body.Length, urgency))
                {
                    // The server wants its pieces back before it can look after the rest.
                    reader.AdvanceTo(read.Buffer.End);
                    throw Refuse(context, StatusCodes.Status503ServiceUnavailable);
                }

                Array.Resize(ref body, size);
            }

            read.Buffer.CopyTo(body.AsSpan(filled));
            filled = needed;
            reader.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted) continue;
            // What follows takes a while, and this may be a thread that serves many sockets.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return body.AsMemory(0, filled);
        }
    }

    private static CancellationTokenSource Deadline(HttpContext context)
    {
        var services = context.RequestServices;
        return new(services.GetRequiredService<ServeBounds>().RequestTime, services.GetRequiredService<TimeProvider>());
    }

    /// <summary>Ends the connection with the answer: what still comes of the body isn't worth reading.</summary>
    public static BadHttpRequestException Refuse(HttpContext context, int status)
    {
        context.Response.Headers.Connection = "close";
        return new("The body was not read.", status);
    }
}
