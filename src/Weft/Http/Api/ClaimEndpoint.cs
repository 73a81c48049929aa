using System.Text.Json;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tracing;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Api;

/// <summary>A worker claims tasks.</summary>
internal sealed class ClaimEndpoint(
    ClaimTasks claim, ProveWorkers workers, HeldRequests room, AccessControl access)
{
    // Shorter waits are too frequent for a check of all queues.
    private static readonly TimeSpan IdleWaitMin = TimeSpan.FromSeconds(1);

    // Everything except the payload, for names of usual length.
    private const int TaskTextBytes = 256;

    public async Task ClaimAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        var caller = access.CallerOf(context);
        if (Read(body, caller.QueuesDefault, out var held) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (held.WorkerKey is not null)
        {
            if (await ProveAsync(workers, caller, held, context) is not { } proven)
            {
                await Problems.AnswerAsync(context, Problems.InvalidWorkerKey);
                return;
            }

            held = proven;
        }

        if (await room.EnterAsync(context, held.Wait) is not { } place) return;
        using var _ = place;
        if (await claim.RunAsync(caller, held.Request, held.Wait, context.RequestAborted) is not { } tasks)
        {
            await Problems.AnswerAsync(context, Problems.QueueForbidden);
            return;
        }

        await EnsureMayAnswerAsync(context, access, claim, tasks);
        var (paused, unknown) = tasks.Count == 0 && held.Wait >= IdleWaitMin ? await claim.FindIdleAsync(held.Request)
            : ([], []);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (tasks, paused, unknown), static (writer, answer) =>
        {
            writer.WriteStartObject();
            WriteTasks(writer, answer.tasks);
            WriteNames(writer, "paused"u8, answer.paused);
            WriteNames(writer, "unknown"u8, answer.unknown);
            writer.WriteEndObject();
        }, AnswerBytes(tasks));
    }

    /// <summary>The approximate size of the output of <see cref="WriteTasks"/>.</summary>
    public static long AnswerBytes(IReadOnlyList<ClaimedTask> tasks)
    {
        var bytes = 0L;
        foreach (var task in tasks) bytes += TaskTextBytes + task.WireBytes;
        return bytes;
    }

    /// <summary>The claim of a worker that has proved its identity; null: it hasn't.</summary>
    public static async ValueTask<HeldClaim?> ProveAsync(
        ProveWorkers workers, Caller caller, HeldClaim held, HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (await workers.ReadAsync(caller, held.WorkerKey!, address) is not { } identity) return null;
        // A barred worker is treated like one without a key.
        if (await workers.IsBarredAsync(identity, held.Request.Queues)) return held;
        return held with { Request = held.Request with { Identity = identity } };
    }

    /// <summary>Makes sure that the claimed tasks can be sent; otherwise they return to their queue.</summary>
    /// <exception cref="RequestRefusedException">401: the token was revoked or expired during the wait. 503: memory is
    /// short.</exception>
    public static async ValueTask EnsureMayAnswerAsync(HttpContext context, AccessControl access, ClaimTasks claim,
        IReadOnlyList<ClaimedTask> tasks)
    {
        if (access.HasEnded(context))
        {
            if (tasks.Count > 0) await claim.GiveBackAsync(tasks);
            throw AccessControl.TokenEnded();
        }

        var bytes = 0L;
        foreach (var task in tasks) bytes += task.WireBytes;
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
            // A worker must not find out whether a task is a check, nor receive another worker's checkpoint.
            if (task.Requires.IsVerified) (task, checkpoint) = (task with { Attempt = 1, Trace = null }, null);
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, task.Id.Value);
            writer.WriteString("queue"u8, task.Queue);
            writer.WriteOrNothing("type"u8, task.Type);
            writer.WriteNumber("attempt"u8, task.Attempt);
            writer.WriteString("leaseToken"u8, task.Lease!.Token.ToString());
            writer.WriteSeconds("leaseSeconds"u8, task.Lease.ExpiresAt - task.Lease.ClaimedAt);
            writer.WriteTime("leaseExpiresAt"u8, task.Lease.ExpiresAt);
            writer.WritePayload(payload);
            writer.WriteRawOrNothing("checkpoint"u8, checkpoint);
            writer.WriteModule(task.Requires.IsVerified ? claimed.Module?.AsFixed() : claimed.Module);
            if (task.Requires.IsVerified) writer.WriteBoolean("verified"u8, true);
            if (claimed.Module?.Submitter is { } submitter) writer.WriteString("submitter"u8, submitter.ToString());
            if (task.Trace is { } trace) WriteTrace(writer, trace);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTrace(Utf8JsonWriter writer, TaskTrace trace)
    {
        writer.WriteStartObject("trace"u8);
        writer.WriteString("parent"u8, trace.Parent);
        writer.WriteOrNothing("state"u8, trace.State);
        writer.WriteString("relation"u8, trace.IsLink ? "link"u8 : "child"u8);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, ReadOnlySpan<byte> member, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        writer.WriteStartArray(member);
        foreach (var name in names) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, IReadOnlyList<string> queuesDefault, out HeldClaim held)
    {
        var json = new StrictJson(body);
        held = ClaimReader.Read(ref json, queuesDefault);
        return json.End();
    }
}
