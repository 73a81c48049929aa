using System.Buffers;
using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Http.Frozen;

/// <summary>A task in the form of the existing clients.</summary>
internal static class FrozenResult
{
    /// <summary>
    /// The state in the existing clients' terms. A result that is being checked is not shown to them.
    /// </summary>
    public static ReadOnlySpan<byte> Status(TaskState state) => state switch
    {
        TaskState.Scheduled or TaskState.Ready or TaskState.Checking => "pending"u8,
        TaskState.Leased => "processing"u8,
        TaskState.Completed => "completed"u8,
        TaskState.Cancelled => "cancelled"u8,
        _ => "failed"u8,
    };

    public static Task WriteAsync(HttpContext context, StoredTask task)
    {
        var json = new ArrayBufferWriter<byte>(128 + (task.Result?.Length ?? 0));
        using (var writer = new Utf8JsonWriter(json, new() { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("taskId"u8, task.Task.Id.Value);
            writer.WriteString("status"u8, Status(task.Task.State));
            writer.WritePropertyName("result"u8);
            // Stored as valid JSON: embedded unchanged, so that no client ever gets invalid JSON.
            writer.WriteRawValue(task.Result is { } result ? result.Span : "\"\""u8, skipInputValidation: true);
            if (task.Task.Lease is { } lease)
            {
                writer.WriteString("workerId"u8, task.Task.WorkerId);
                if (task.Task.FinishedAt is { } finished)
                    writer.WriteNumber("durationMs"u8, (long)(finished - lease.ClaimedAt).TotalMilliseconds);
            }

            writer.WriteEndObject();
        }

        return JsonResponse.WriteAsync(context, json.WrittenMemory);
    }
}
