using System.Buffers;
using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Api;

/// <summary>
/// A group's results as NDJSON, one line per finished task. The last line says whether these were all, and has the
/// cursor to continue from; a response without it is incomplete.
/// </summary>
internal sealed class GroupResultsEndpoint(FollowResults follow, HeldRequests room, AccessControl access)
{
    private static ReadOnlySpan<byte> LineEnd => "\n"u8;

    public async Task ListAsync(HttpContext context)
    {
        if (Read(context, out var order, out var after, out var wait) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await room.EnterAsync(context, wait) is not { } place) return;
        using var _ = place;
        if (await follow.RunAsync(access.CallerOf(context), new(id), order, after, wait,
            context.RequestAborted) is not { } pages)
        {
            await Problems.AnswerAsync(context, Problems.GroupNotFound);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        // Without this header, nginx buffers the lines.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var body = context.Response.BodyWriter;
        var letter = Letter(order);
        var done = false;
        await foreach (var page in pages)
        {
            // When memory is short or the token has ended, the response ends early; the last line has the cursor to
            // continue from.
            if (access.HasEnded(context) || !await TryWriteAsync(context, page, letter)) break;
            if (page.Results.Count > 0) after = page.Results[^1].Cursor;
            done = page.AllDelivered;
        }

        WriteEnd(body, Cursor.Write(letter, after), done);
        await LargeBody.FlushAsync(context);
    }

    /// <summary>Sends a page in pieces; false: memory is short.</summary>
    private static async ValueTask<bool> TryWriteAsync(HttpContext context, GroupResultsPage page, char letter)
    {
        var bytes = 2 * page.Results.Sum(static result => (long)result.WireBytes);
        if (bytes > BodyShare.SmallMax && !BodyShare.Of(context).TryGrow(bytes, Admission.Progress)) return false;
        using var pace = bytes > BodyShare.SmallMax ? BodyPace.Of(context) : null;
        var unsent = 0;
        foreach (var result in page.Results)
        {
            WriteLine(context.Response.BodyWriter, letter, result);
            unsent += result.WireBytes;
            if (unsent < LargeBody.PieceBytes) continue;
            await LargeBody.FlushAsync(context, pace);
            pace?.Moved(unsent, bytes / 2);
            unsent = 0;
        }

        await LargeBody.FlushAsync(context, pace);
        if (bytes > BodyShare.SmallMax) BodyShare.Of(context).Shrink(bytes);
        return true;
    }

    private static char Letter(ResultOrder order) =>
        order == ResultOrder.Submitted ? Cursor.Submitted : Cursor.Finished;

    private static Problem? Read(HttpContext context, out ResultOrder order, out long after, out TimeSpan wait)
    {
        order = ResultOrder.Finished;
        after = 0;
        if (ApiRequest.ReadWait(context, out wait) is { } badWait) return badWait;
        if (context.Request.Query.TryGetValue("order", out var given))
        {
            if (given != "finished" && given != "submitted")
                return Problems.InvalidRequest.With("order must be finished or submitted.");
            if (given == "submitted") order = ResultOrder.Submitted;
        }

        if (Cursor.Read(context, Letter(order), out var last) is { } badCursor) return badCursor;
        after = last ?? 0;
        return null;
    }

    private static void WriteLine(IBufferWriter<byte> body, char letter, GroupResult result)
    {
        using (var writer = new Utf8JsonWriter(body, JsonResponse.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("cursor"u8, Cursor.Write(letter, result.Cursor));
            writer.WriteNumber("id"u8, result.Id.Value);
            writer.WriteString("state"u8, result.State.Text());
            writer.WriteOrNothing("finishedAt"u8, result.FinishedAt);
            writer.WriteRawLineOrNothing("result"u8, result.Result);
            writer.WriteRawOrNothing("outputs"u8, result.Outputs);
            writer.WriteOrNothing("error"u8, result.Error);
            if (result.Answers is { } answers)
            {
                writer.WriteNumber("answers"u8, answers);
                writer.WriteNumber("risk"u8, result.Risk);
            }

            writer.WriteEndObject();
        }

        body.Write(LineEnd);
    }

    private static void WriteEnd(IBufferWriter<byte> body, string cursor, bool done)
    {
        using (var writer = new Utf8JsonWriter(body, JsonResponse.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("cursor"u8, cursor);
            writer.WriteBoolean("done"u8, done);
            writer.WriteEndObject();
        }

        body.Write(LineEnd);
    }
}
