using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>A worker asks for tasks.</summary>
internal sealed class ClaimEndpoint(ClaimTasks claim, HeldRequests room, AccessControl access)
{
    public async Task ClaimAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if ((Read(body, out var held) ?? ClaimAccess.Narrow(access.CallerOf(context), ref held)) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (await room.EnterAsync(context, held.Wait) is not { } place) return;
        using var _ = place;
        var tasks = await claim.RunAsync(held.Request, access.Cut(context, held.Wait), context.RequestAborted);
        await EnsureMayAnswerAsync(context, access, claim, tasks);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, tasks, static (writer, tasks) =>
        {
            writer.WriteStartObject();
            WriteTasks(writer, tasks);
            writer.WriteEndObject();
        });
    }

    /// <summary>Makes sure that what was claimed can be answered; what can't goes back to its queue.</summary>
    /// <exception cref="BadHttpRequestException">401: the token has ended while the request waited. 503: there is no room in memory.</exception>
    public static async ValueTask EnsureMayAnswerAsync(HttpContext context, AccessControl access, ClaimTasks claim, IReadOnlyList<ClaimedTask> tasks)
    {
        if (access.HasEnded(context))
        {
            if (tasks.Count > 0) await claim.GiveBackAsync(tasks);
            throw AccessMiddleware.TokenEnded();
        }

        var bytes = 0L;
        foreach (var task in tasks) bytes += task.Payload.Bytes.Length + (task.Checkpoint?.Length ?? 0);
        if (BodyShare.TryCoverAnswer(context, bytes)) return;
        await claim.GiveBackAsync(tasks);
        throw LargeBody.Refuse(context, StatusCodes.Status503ServiceUnavailable);
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
            writer.WriteModule(claimed.Module);
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
