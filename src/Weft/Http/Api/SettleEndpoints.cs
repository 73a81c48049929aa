using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Serve;

namespace Weft.Http.Api;

/// <summary>A worker says what became of the tasks in its hands.</summary>
internal sealed class SettleEndpoints(SettleTasks settle, ClaimTasks claim, HeldRequests room, AccessControl access, ServeBounds bounds)
{
    public Task CompleteAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Complete);

    public Task FailAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Fail);

    public Task ReleaseAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Release);

    public Task HeartbeatAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Heartbeat);

    public async Task SettleAsync(HttpContext context)
    {
        var body = await ApiRequest.ReadLargeBodyAsync(context);
        if (SettleBatch.Read(body, bounds.ResultBytes, out var batch) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var caller = access.CallerOf(context);
        var held = batch.Claim;
        if (held is not null && ClaimAccess.Narrow(caller, ref held) is { } forbidden)
        {
            await Problems.AnswerAsync(context, forbidden);
            return;
        }

        if (await room.EnterAsync(context, held?.Wait ?? TimeSpan.Zero) is not { } place) return;
        using var _ = place;
        var changes = ClaimAccess.Narrow(caller, batch.Changes);
        IReadOnlyList<Refusal> refusals;
        IReadOnlyList<ClaimedTask>? claimed = null;
        if (held is var (next, wait)) (refusals, claimed) = await settle.RunAsync(batch.WorkerId ?? next.WorkerId, changes, next, access.Cut(context, wait), context.RequestAborted);
        else refusals = await settle.RunAsync(batch.WorkerId, changes);
        if (claimed is not null) await ClaimEndpoint.EnsureMayAnswerAsync(context, access, claim, claimed);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (Outcomes: batch.Outcomes(refusals), Claimed: claimed), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("outcomes"u8);
            foreach (var problem in answer.Outcomes) WriteOutcome(writer, problem);
            writer.WriteEndArray();
            if (answer.Claimed is { } tasks) ClaimEndpoint.WriteTasks(writer, tasks);
            writer.WriteEndObject();
        });
    }

    private async Task SettleOneAsync(HttpContext context, string action)
    {
        if (!ApiRequest.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var body = await RequestBody.ReadAsync(context);
        if (ReadOne(body, action, bounds.ResultBytes, out var command, out var workerId) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var refusals = await settle.RunAsync(workerId, ClaimAccess.Narrow(access.CallerOf(context), [new(new(id), command)]));
        if (Problems.Of(refusals[0]) is { } problem) await Problems.AnswerAsync(context, problem);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (Problem?)null, WriteOutcome);
    }

    private static Problem? ReadOne(ReadOnlyMemory<byte> body, string action, long resultBytesMax, out TaskCommand command, out string? workerId)
    {
        var json = new StrictJson(body);
        command = SettleReader.ReadBody(ref json, action, resultBytesMax, out workerId);
        return json.End();
    }

    private static void WriteOutcome(Utf8JsonWriter writer, Problem? problem)
    {
        writer.WriteStartObject();
        if (problem is null) writer.WriteNumber("status"u8, StatusCodes.Status200OK);
        else Problems.WriteMembers(writer, problem);
        writer.WriteEndObject();
    }
}
