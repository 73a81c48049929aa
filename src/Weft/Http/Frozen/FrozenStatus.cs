using System.Buffers;
using System.Text.Json;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Core.Workers;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Frozen;

/// <summary>
/// The coordinator's status, in the form of its two predecessors; and the registration that one of them had.
/// </summary>
internal sealed class FrozenStatus(CountTasks count, WorkerRegistry workers, TimeProvider time)
{
    private static readonly string Version = typeof(FrozenStatus).Assembly.GetName().Version!.ToString(3);
    private static readonly byte[] Healthy = """{"status":"ok","service":"coordinator","name":"weft"}"""u8.ToArray();
    private readonly long _start = time.GetTimestamp();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/stats", StatsAsync).RequireScopeOnFrozen(Scope.Read);
        routes.MapRead("/health", static context => JsonResponse.WriteAsync(context, Healthy)).AllowAnybody();
        routes.MapPost("/worker/register", RegisterAsync).RequireScopeOnFrozen(Scope.Work);
    }

    private async Task StatsAsync(HttpContext context)
    {
        var (counts, workersTotal, workersActive) = await count.RunAsync();
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalTasks"u8, counts.Total);
            writer.WriteNumber("completedTasks"u8, counts.Completed);
            writer.WriteNumber("activeTasks"u8, counts.Leased);
            writer.WriteNumber("queueSize"u8, counts.Ready + counts.Scheduled);
            WriteCount(writer, counts, "pending"u8);
            WriteCount(writer, counts, "processing"u8);
            WriteCount(writer, counts, "completed"u8);
            WriteCount(writer, counts, "failed"u8);
            WriteCount(writer, counts, "cancelled"u8);
            writer.WriteNumber("uptime"u8, Math.Round(time.GetElapsedTime(_start).TotalSeconds, 3));
            writer.WriteStartObject("workers"u8);
            writer.WriteNumber("total"u8, workersTotal);
            writer.WriteNumber("active"u8, workersActive);
            writer.WriteEndObject();
            writer.WriteString("version"u8, Version);
            writer.WriteEndObject();
        }

        await JsonResponse.WriteAsync(context, json.WrittenMemory);
    }

    private static void WriteCount(Utf8JsonWriter writer, StateCounts counts, ReadOnlySpan<byte> status)
    {
        var count = 0L;
        foreach (var state in TaskStates.All)
        {
            if (FrozenResult.Status(state).SequenceEqual(status)) count += counts[state];
        }

        writer.WriteNumber(status, count);
    }

    private async Task RegisterAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        var workerId = ReadWorkerId(body.Span) ?? $"worker-{Guid.NewGuid():N}";
        if (workerId.Length > Limits.WorkerIdCharsMax)
        {
            await FrozenErrors.InvalidWorkerId(context);
            return;
        }

        workers.Saw(workerId);
        var json = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("workerId"u8, workerId);
            writer.WriteString("status"u8, "registered"u8);
            writer.WriteEndObject();
        }

        await JsonResponse.WriteAsync(context, json.WrittenMemory);
    }

    /// <summary>The member <c>workerId</c>; null if there is none, or the body isn't an object with one.</summary>
    private static string? ReadWorkerId(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || !JsonBytes.IsUtf8(body) || !JsonBytes.IsJson(body)) return null;
        var reader = JsonBytes.Read(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWorkerId = JsonBytes.IsNamed(reader, "workerId"u8);
            reader.Read();
            if (isWorkerId && reader.TokenType == JsonTokenType.String)
                return reader.TryGetText(out var workerId) && workerId.Length > 0 ? workerId : null;
            reader.Skip();
        }

        return null;
    }
}
