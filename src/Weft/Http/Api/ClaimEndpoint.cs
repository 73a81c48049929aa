using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Http.Access;

namespace Weft.Http.Api;

/// <summary>A worker asks for tasks.</summary>
internal sealed class ClaimEndpoint(ClaimTasks claim, AccessControl access)
{
    public async Task ClaimAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if ((Read(body, out var held) ?? ClaimAccess.Narrow(access.CallerOf(context), ref held)) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var tasks = await claim.RunAsync(held.Request, held.Wait, context.RequestAborted);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, tasks, static (writer, tasks) =>
        {
            writer.WriteStartObject();
            WriteTasks(writer, tasks);
            writer.WriteEndObject();
        });
    }

    public static void WriteTasks(Utf8JsonWriter writer, IReadOnlyList<ClaimedTask> tasks)
    {
        writer.WriteStartArray("tasks"u8);
        foreach (var claimed in tasks)
        {
            var (task, payload, checkpoint) = claimed;
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, task.Id.Value);
            writer.WriteString("queue"u8, task.Queue);
            writer.WriteOrNothing("type"u8, task.Type);
            writer.WriteNumber("attempt"u8, task.Attempt);
            writer.WriteString("leaseToken"u8, task.Lease!.Token.ToString());
            writer.WriteTime("leaseExpiresAt"u8, task.Lease.ExpiresAt);
            writer.WritePayload(payload);
            writer.WriteRawOrNothing("checkpoint"u8, checkpoint);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, out HeldClaim held)
    {
        var json = new StrictJson(body);
        held = ClaimReader.Read(ref json);
        return json.End();
    }
}
