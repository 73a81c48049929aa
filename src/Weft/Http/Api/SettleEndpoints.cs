using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Api;

/// <summary>A worker reports on the tasks that it has leased.</summary>
internal sealed class SettleEndpoints(
    SettleTasks settle, ClaimTasks claim, ProveWorkers workers, HeldRequests room, AccessControl access,
    ServeBounds bounds)
{
    // {"status":200}, and the surrounding names.
    private const int OutcomeBytes = 20;

    public Task CompleteAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Complete);

    public Task FailAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Fail);

    public Task ReleaseAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Release);

    public Task HeartbeatAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Heartbeat);

    public async Task SettleAsync(HttpContext context)
    {
        var body = await ApiRequest.ReadLargeBodyAsync(context);
        var caller = access.CallerOf(context);
        if (SettleBatch.Read(body, bounds.ResultBytes, caller.QueuesDefault, out var batch) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (batch.Claim is { WorkerKey: not null } held)
        {
            if (await ClaimEndpoint.ProveAsync(workers, caller, held, context) is not { } proven)
            {
                await Problems.AnswerAsync(context, Problems.InvalidWorkerKey);
                return;
            }

            batch.Claim = proven;
        }

        if (await room.EnterAsync(context, batch.Claim?.Wait ?? TimeSpan.Zero) is not { } place) return;
        using var _ = place;
        IReadOnlyList<ChangeOutcome> outcomes;
        IReadOnlyList<ClaimedTask>? claimed = null;
        if (batch.Claim is not var (next, wait, _))
        {
            outcomes = await settle.RunAsync(caller, batch.WorkerId, batch.Changes);
        }
        else if (await settle.RunAsync(caller, batch.WorkerId ?? next.WorkerId, batch.Changes, next, wait,
            context.RequestAborted) is { } settled)
        {
            (outcomes, claimed) = settled;
            await ClaimEndpoint.EnsureMayAnswerAsync(context, access, claim, claimed);
        }
        else
        {
            await Problems.AnswerAsync(context, Problems.QueueForbidden);
            return;
        }

        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK,
            (Outcomes: batch.Outcomes(outcomes), Claimed: claimed), static (writer, answer) =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("outcomes"u8);
                foreach (var (fault, outcome) in answer.Outcomes)
                    WriteOutcome(writer, fault ?? Problems.Of(outcome.Refusal), outcome.LeaseExpiresAt);
                writer.WriteEndArray();
                if (answer.Claimed is { } tasks) ClaimEndpoint.WriteTasks(writer, tasks);
                writer.WriteEndObject();
            }, outcomes.Count * OutcomeBytes + ClaimEndpoint.AnswerBytes(claimed ?? []));
    }

    private async Task SettleOneAsync(HttpContext context, string action)
    {
        if (!RequestValues.TryReadId(context, out var id))
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

        var outcomes = await settle.RunAsync(access.CallerOf(context), workerId, [new(new(id), command)]);
        if (Problems.Of(outcomes[0].Refusal) is { } problem) await Problems.AnswerAsync(context, problem);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, outcomes[0].LeaseExpiresAt,
            static (writer, lease) => WriteOutcome(writer, null, lease));
    }

    private static Problem? ReadOne(ReadOnlyMemory<byte> body, string action, long resultBytesMax,
        out TaskCommand command, out string? workerId)
    {
        var json = new StrictJson(body);
        command = SettleReader.ReadBody(ref json, action, resultBytesMax, out workerId);
        return json.End();
    }

    private static void WriteOutcome(Utf8JsonWriter writer, Problem? problem, DateTimeOffset? leaseExpiresAt)
    {
        writer.WriteStartObject();
        if (problem is null) writer.WriteNumber("status"u8, StatusCodes.Status200OK);
        else Problems.WriteMembers(writer, problem);
        writer.WriteOrNothing("leaseExpiresAt"u8, leaseExpiresAt);
        writer.WriteEndObject();
    }
}
