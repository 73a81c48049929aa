using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Somebody wants work done: one task, or many at once.</summary>
internal sealed class SubmitEndpoints(ITaskStore store, AccessControl access, TimeProvider time)
{
    public async Task SubmitAsync(HttpContext context)
    {
        if (ApiRequest.ReadKey(context, out var key) is { } badKey)
        {
            await Problems.AnswerAsync(context, badKey);
            return;
        }

        var body = await RequestBody.ReadAsync(context, Urgency.BringsWork);
        if (ReadOne(body, out var task) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var caller = access.CallerOf(context);
        if (caller != Caller.Anybody && await new SubmitAccess(store, caller).RefusalOfAsync(task) is { } forbidden)
        {
            await Problems.AnswerAsync(context, forbidden);
            return;
        }

        var outcome = await store.SubmitAsync(new([task], KeyOf(caller, key, body), caller.Owner));
        if (Problems.Of(outcome.Status) is { } problem)
        {
            await Problems.RefuseSubmitAsync(context, problem);
            return;
        }

        context.Response.Headers.Location = $"{ApiRoutes.Tasks}/{outcome.Ids[0]}";
        await ApiJson.AnswerAsync(context, StatusOf(outcome.Status), outcome.Ids[0], static (writer, id) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, id.Value);
            writer.WriteEndObject();
        });
    }

    public async Task SubmitBatchAsync(HttpContext context)
    {
        if (ApiRequest.ReadKey(context, out var key) is { } badKey)
        {
            await Problems.AnswerAsync(context, badKey);
            return;
        }

        var body = await ApiRequest.ReadLargeBodyAsync(context, Urgency.BringsWork);
        if (SubmitBatch.Read(body, time.GetUtcNow(), out var batch) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var caller = access.CallerOf(context);
        if (caller != Caller.Anybody) await batch.RefuseAsync(new SubmitAccess(store, caller).RefusalOfAsync);
        if (await batch.SubmitAsync(store, KeyOf(caller, key, body), caller.Owner) is { } problem) await Problems.RefuseSubmitAsync(context, problem);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, batch, static (writer, batch) => batch.Write(writer));
    }

    /// <summary>201 for a task that has just been stored, 200 for one that its key knew.</summary>
    public static int StatusOf(SubmitStatus status) => status == SubmitStatus.Stored ? StatusCodes.Status201Created : StatusCodes.Status200OK;

    private Problem? ReadOne(ReadOnlyMemory<byte> body, out NewTask task)
    {
        var json = new StrictJson(body);
        task = TaskReader.Read(ref json, payloadBytesMax: Limits.RequestBytesMax, time.GetUtcNow());
        return json.End();
    }

    private static IdempotencyKey? KeyOf(Caller caller, string? key, ReadOnlyMemory<byte> body) =>
        key is null ? null : IdempotencyKey.Of(caller.Owner, key, SHA256.HashData(body.Span));
}
