using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Http.Api;

/// <summary>A worker says what became of the tasks in its hands.</summary>
internal sealed class SettleEndpoints(ITaskStore store, ClaimEndpoint claim, WorkerRegistry workers)
{
    public Task CompleteAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Complete);

    public Task FailAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Fail);

    public Task ReleaseAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Release);

    public Task HeartbeatAsync(HttpContext context) => SettleOneAsync(context, SettleReader.Heartbeat);

    public async Task SettleAsync(HttpContext context)
    {
        var body = await ApiRequest.ReadLargeBodyAsync(context);
        if (SettleBatch.Read(body, out var batch) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var changes = batch.Changes;
        var refusals = changes.Count > 0 ? await store.ApplyAsync(changes) : [];
        NoteWork(batch.WorkerId ?? batch.Claim?.Request.WorkerId, changes, refusals);
        var claimed = batch.Claim is { } held ? await claim.RunAsync(held, context.RequestAborted) : null;
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
        if (ReadOne(body, action, out var command, out var workerId) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        TaskChange[] changes = [new(new(id), command)];
        var refusals = await store.ApplyAsync(changes);
        NoteWork(workerId, changes, refusals);
        if (Problems.Of(refusals[0]) is { } problem) await Problems.AnswerAsync(context, problem);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (Problem?)null, WriteOutcome);
    }

    private static Problem? ReadOne(ReadOnlyMemory<byte> body, string action, out TaskCommand command, out string? workerId)
    {
        var json = new StrictJson(body);
        command = SettleReader.ReadBody(ref json, action, out workerId);
        return json.End();
    }

    private void NoteWork(string? workerId, IReadOnlyList<TaskChange> changes, IReadOnlyList<Refusal> refusals)
    {
        if (workerId is null) return;
        var worker = workers.Saw(workerId);
        for (var i = 0; i < refusals.Count; i++)
        {
            if (refusals[i] != Refusal.None) continue;
            if (changes[i].Command is TaskCommand.Complete) worker.AddCompleted(1);
            if (changes[i].Command is TaskCommand.Fail) worker.AddFailed(1);
        }
    }

    private static void WriteOutcome(Utf8JsonWriter writer, Problem? problem)
    {
        writer.WriteStartObject();
        if (problem is null) writer.WriteNumber("status"u8, StatusCodes.Status200OK);
        else Problems.WriteMembers(writer, problem);
        writer.WriteEndObject();
    }
}
