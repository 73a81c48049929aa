using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Http.Api;

/// <summary>A task as the API returns it. Never with its lease token: only the worker has that.</summary>
internal static class TaskJson
{
    private static readonly string[] States = [.. Contracts.TaskStates.All];

    public static string Text(this TaskState state) => States[(int)state];

    /// <summary>Parses the wire's name of a state.</summary>
    public static bool TryParseState(string text, out TaskState state)
    {
        var index = Array.IndexOf(States, text);
        state = (TaskState)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The whole record, without parts that weren't read and members without a value.</summary>
    public static void Write(Utf8JsonWriter writer, StoredTask stored)
    {
        writer.WriteStartObject();
        WriteRecord(writer, stored.Task);
        if (stored.Payload is { } payload) writer.WritePayload(payload);
        writer.WriteRawOrNothing("result"u8, stored.Result);
        writer.WriteRawOrNothing("outputs"u8, stored.Outputs);
        writer.WriteRawOrNothing("checkpoint"u8, stored.Checkpoint);
        writer.WriteModule(stored.Module);
        writer.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter writer, TaskRecord task)
    {
        writer.WriteNumber("id"u8, task.Id.Value);
        writer.WriteString("queue"u8, task.Queue);
        writer.WriteOrNothing("type"u8, task.Type);
        writer.WriteString("state"u8, task.State.Text());
        writer.WriteNumber("priority"u8, task.Priority);
        writer.WriteNumber("attempt"u8, task.Attempt);
        writer.WriteNumber("failures"u8, task.Failures);
        writer.WriteNumber("maxAttempts"u8, task.MaxAttempts);
        writer.WriteSeconds("leaseSeconds"u8, task.LeaseTime);
        if (task.Group is { } group) writer.WriteNumber("group"u8, group.Value);
        if (task.Requires.Labels is { Count: > 0 } labels)
        {
            writer.WriteStartArray("requires"u8);
            foreach (var label in labels) writer.WriteStringValue(label);
            writer.WriteEndArray();
        }

        writer.WriteTime("submittedAt"u8, task.SubmittedAt);
        writer.WriteOrNothing("runAt"u8, task.RunAt);
        writer.WriteOrNothing("readyAt"u8, task.ReadyAt);
        writer.WriteOrNothing("expiresAt"u8, task.ExpiresAt);
        writer.WriteOrNothing("finishedAt"u8, task.FinishedAt);
        writer.WriteOrNothing("workerId"u8, task.WorkerId);
        if (task.Lease is { } lease)
        {
            writer.WriteTime("claimedAt"u8, lease.ClaimedAt);
            if (task.State == TaskState.Leased) writer.WriteTime("leaseExpiresAt"u8, lease.ExpiresAt);
        }

        if (task.Progress is { } progress) writer.WriteNumber("progress"u8, progress);
        writer.WriteOrNothing("error"u8, task.Error);
    }
}
