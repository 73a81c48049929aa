using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;

namespace Weft.Http.Api;

/// <summary>
/// Streams events as server-sent events. Each has an id from which to continue; <c>reset</c> means that events are
/// missing, and <c>ping</c> shows that an idle connection is alive.
/// </summary>
internal sealed class EventsEndpoint(FollowEvents follow, HeldRequests room, AccessControl access)
{
    private const string MediaType = "text/event-stream";
    private const string LastEventId = "Last-Event-ID";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly Problem NotOwn = Problems.InvalidRequest.With(
        "This token sees only its own tasks: give group or task, or use a token with the scope read.");

    // The first line is sent at once: proxies wait for one before they forward the response.
    private static ReadOnlySpan<byte> Begin => ": weft\nretry: 2000\n"u8;

    public async Task FollowAsync(HttpContext context)
    {
        if (Read(context, out var filter) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (!ClientCounts.TryBegin<EventFollowers>(context))
        {
            await RefuseAsync(context, FollowRefusal.TooMany);
            return;
        }

        if (await room.EnterAsync(context, Limits.EventStreamTimeMax) is not { } place) return;
        using var _ = place;
        var (stream, refusal) = await follow.RunAsync(access.CallerOf(context), filter, After(context));
        if (stream is null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        using (stream) await SendAsync(context, stream);
    }

    private async Task SendAsync(HttpContext context, EventStream stream)
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        // Without this header, nginx buffers the lines.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var body = context.Response.BodyWriter;
        body.Write(Begin);
        // The stream's starting position: a connection that breaks before the first event continues from here.
        if (stream.Begin is { } begin) WriteId(body, begin);
        body.Write("\n"u8);
        await LargeBody.FlushAsync(context);
        while (await stream.NextAsync(context.RequestAborted) is { } batch && !access.HasEnded(context))
        {
            if (batch.Reset is { } reason) WriteReset(body, batch.Last, reason);
            else if (batch.Events.Count == 0) WritePing(body, batch.Last);
            var unsent = 0L;
            foreach (var (id, record) in batch.Events)
            {
                unsent += Write(body, id, record);
                if (unsent < LargeBody.PieceBytes) continue;
                // A reader that accepts no data for a while is disconnected here, and holds no more memory than this.
                await LargeBody.FlushAsync(context);
                unsent = 0;
            }

            await LargeBody.FlushAsync(context);
        }
    }

    private static Task RefuseAsync(HttpContext context, FollowRefusal refusal) => refusal switch
    {
        FollowRefusal.NotOwn => Problems.AnswerAsync(context, NotOwn),
        FollowRefusal.NoGroup => Problems.AnswerAsync(context, Problems.GroupNotFound),
        FollowRefusal.NoTask => Problems.AnswerAsync(context, Problems.TaskNotFound),
        _ => RequestRates.RefuseAsync(
            context, RefusedBy.Held, RetryAfter,
            $"{Limits.EventStreamsMax} event streams are already open, or {EventFollowers.ClientMax} of this " +
            $"client: " +
            "try again later."),
    };

    private static string? After(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(LastEventId, out var header)) return header.ToString();
        return context.Request.Query.TryGetValue("after", out var given) ? given.ToString() : null;
    }

    private static Problem? Read(HttpContext context, out EventFilter filter)
    {
        filter = new();
        var query = context.Request.Query;
        if (query.TryGetValue("topics", out var names))
        {
            if (EventTypes.ParseTopics(names.ToString()) is not { } topics)
            {
                return Problems.InvalidRequest.With(
                    $"topics must be one or more of {string.Join(", ", EventTypes.TopicNames)}, separated by commas.");
            }

            filter = filter with { Topics = topics };
        }

        if (query.TryGetValue("queue", out var queue))
        {
            var isValid = QueueName.IsValid(queue.ToString());
            if (!isValid) return Problems.InvalidRequest.With(ApiRequest.QueueRule("queue"));
            filter = filter with { Queue = queue.ToString() };
        }

        if (query.TryGetValue("type", out var type))
        {
            if (type.ToString() is not { Length: > 0 and <= Limits.TypeCharsMax })
            {
                return Problems.InvalidRequest.With($"type must have 1 to {Limits.TypeCharsMax} characters.");
            }

            filter = filter with { TaskType = type.ToString() };
        }

        if (ReadId(context, "group", out var group) is { } badGroup) return badGroup;
        if (ReadId(context, "task", out var task) is { } badTask) return badTask;
        filter = filter with
        {
            Group = group is { } one ? new(one) : null,
            Task = task is { } other ? new(other) : null,
        };
        return null;
    }

    private static Problem? ReadId(HttpContext context, string name, out long? id)
    {
        id = null;
        if (!context.Request.Query.TryGetValue(name, out var given)) return null;
        if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            id = number;
            return null;
        }

        return Problems.InvalidRequest.With($"{name} must be a whole number from 1.");
    }

    private static void WriteId(IBufferWriter<byte> body, EventPlace id) => WriteLine(body, $"id: {id}\n");

    private static void WritePing(IBufferWriter<byte> body, EventPlace id)
    {
        // With its id: if few events match the filter, the last one may be long ago.
        WriteId(body, id);
        body.Write("event: ping\ndata: {}\n\n"u8);
    }

    private static void WriteReset(IBufferWriter<byte> body, EventPlace id, string reason)
    {
        WriteId(body, id);
        WriteLine(body, $"event: reset\ndata: {{\"reason\":\"{reason}\"}}\n\n");
    }

    /// <returns>Its length in bytes, without the lines before the data.</returns>
    private static long Write(IBufferWriter<byte> body, EventPlace id, EventRecord record)
    {
        WriteLine(body, $"id: {id}\nevent: {record.Type.Text()}\ndata: ");
        using var writer = new Utf8JsonWriter(body, JsonResponse.WriterOptions);
        writer.WriteStartObject();
        writer.WriteTime("at"u8, record.At);
        if (record.Task is { } task) writer.WriteNumber("id"u8, task.Value);
        writer.WriteOrNothing("queue"u8, record.Queue);
        writer.WriteOrNothing("type"u8, record.TaskType);
        if (record.Group is { } group) writer.WriteNumber("group"u8, group.Value);
        if (record.Attempt > 0) writer.WriteNumber("attempt"u8, record.Attempt);
        writer.WriteOrNothing("workerId"u8, record.WorkerId);
        if (record.Waited is { } waited) writer.WriteNumber("waitMs"u8, (long)waited.TotalMilliseconds);
        if (record.Ran is { } ran) writer.WriteNumber("runMs"u8, (long)ran.TotalMilliseconds);
        if (record.Operation is var (operation, counts))
        {
            writer.WriteNumber("operation"u8, operation.Value);
            writer.WriteNumber("matched"u8, counts.Matched);
            writer.WriteNumber("changed"u8, counts.Changed);
            writer.WriteNumber("refused"u8, counts.Refused);
        }

        writer.WriteEndObject();
        writer.Flush();
        body.Write("\n\n"u8);
        return writer.BytesCommitted;
    }

    private static void WriteLine(IBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
