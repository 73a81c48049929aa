using System.Text.Json;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>
/// The coordinator's two surfaces as one client uses them: each call is written into the history with what came back.
/// </summary>
internal sealed class RecordedApi(TortureClient client, History history)
{
    public const int LeaseSeconds = 1;

    public TortureClient Client => client;

    public async Task<Answer> SubmitAsync(NewTask task, string? key)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync("api/v1/tasks", task.Json, key);
        Note(new()
            { Kind = OperationKind.Submit, Outcome = answer.Outcome, Payload = task.Payload, Key = key,
                Blob = task.Blob,
                TaskId = answer.IsOk ? answer.Json.GetProperty("id").GetInt64() : null }, begin, answer);
        return answer;
    }

    public async Task<Answer> SubmitBatchAsync(IReadOnlyList<NewTask> tasks, string? key)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync("api/v1/tasks/batch",
            $$"""{"tasks":[{{string.Join(',', tasks.Select(static task => task.Json))}}]}""", key);
        for (var i = 0; i < tasks.Count; i++)
        {
            long? id = answer.IsOk && answer.Json.GetProperty("outcomes")[i].TryGetProperty("id", out var given)
                ? given.GetInt64() : null;
            var outcome = answer.IsOk && id is null ? Outcome.Fail : answer.Outcome;
            Note(new()
                { Kind = OperationKind.Submit, Outcome = outcome, Payload = tasks[i].Payload,
                    Key = key is null ? null : $"{key}#{i}", TaskId = id, Blob = tasks[i].Blob }, begin, answer);
        }

        return answer;
    }

    public async Task<Answer> SubmitOldAsync(string payload)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync("task", payload);
        Note(new()
            { Kind = OperationKind.Submit, Outcome = answer.Outcome, Payload = payload,
                TaskId = answer.IsOk ? answer.Json.GetProperty("taskId").GetInt64() : null }, begin, answer);
        return answer;
    }

    public async Task<(Answer Answer, IReadOnlyList<Claimed> Tasks)> ClaimAsync(string workerId, int max,
        double waitSeconds)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync("api/v1/tasks/claim", JsonSerializer.Serialize(new
        {
            workerId, max, wait = waitSeconds, leaseSeconds = LeaseSeconds,
            queues = new[] { NewTask.QueueNew, NewTask.QueueOld }, capabilities = new[] { "files" },
        }));
        IReadOnlyList<Claimed> tasks = answer.IsOk
            ? [.. answer.Json.GetProperty("tasks").EnumerateArray().Select(ReadClaimed)] : [];
        Note(new() { Kind = OperationKind.Claim, Outcome = answer.Outcome, Claims = tasks }, begin, answer);
        return (answer, tasks);
    }

    public async Task<(Answer Answer, Claimed? Task)> ClaimOldAsync(string workerId, double waitSeconds)
    {
        var begin = history.Tick();
        var answer =
            await client.GetAsync(FormattableString.Invariant($"task/next?workerId={workerId}&wait={waitSeconds}"));
        var task = answer is { IsOk: true, Status: 200 }
            ? new Claimed(answer.Json.GetProperty("taskId").GetInt64(), answer.Json.GetProperty("data").GetRawText())
            : null;
        Note(new() { Kind = OperationKind.Claim, Outcome = answer.Outcome, Claims = task is null ? [] : [task] }, begin,
            answer);
        return (answer, task);
    }

    /// <summary>Pushes a file.</summary>
    public Task<Answer> PushAsync(string text) => PushAsync($"api/v1/blobs/{BlobText.HashOf(text)}", text, null);

    /// <summary>Pushes a file that a task has written.</summary>
    public Task<Answer> PushOutputAsync(Claimed held, string text) =>
        PushAsync($"api/v1/tasks/{held.TaskId}/outputs/{BlobText.HashOf(text)}", text, held.Token);

    private async Task<Answer> PushAsync(string path, string text, string? lease)
    {
        var begin = history.Tick();
        var answer = await client.PutAsync(path, text, lease);
        // Before a result names it, an output may go.
        var blob = lease is null ? BlobText.HashOf(text) : null;
        Note(new() { Kind = OperationKind.Push, Outcome = answer.Outcome, Blob = blob }, begin, answer);
        return answer;
    }

    /// <summary>Pushes some more of a file; the push knows then where it goes on.</summary>
    public async Task<Answer> PushPieceAsync(LargePush push, string piece)
    {
        var begin = history.Tick();
        var answer = await client.PutAsync(
            $"api/v1/blobs/{push.Hash}?offset={push.Offset}&size={push.Size}", piece);
        // 202 and 409 say how many bytes are there.
        int? offset = answer.Status is 202 or 409 && answer.Json.TryGetProperty("offset", out var there)
            ? there.GetInt32() : null;
        var kind = answer.Status is 200 or 201 ? OperationKind.Push : OperationKind.PushPiece;
        Note(new() { Kind = kind, Outcome = answer.Outcome, Blob = push.Hash, Offset = offset }, begin, answer);
        push.Offset = offset ?? push.Offset;
        return answer;
    }

    /// <summary>Says what became of a task. <paramref name="result"/> is JSON, and only of a complete.</summary>
    /// <param name="blob">Of a complete: the file that it names; null for none.</param>
    public async Task<Answer> SettleAsync(
        OperationKind kind, Claimed held, string more = "", string? result = null, string? blob = null)
    {
        var action = kind.ToString().ToLowerInvariant();
        var begin = history.Tick();
        var answer = await client.PostAsync($"api/v1/tasks/{held.TaskId}/{action}",
            $$"""{"leaseToken":"{{held.Token}}"{{more}}{{(result is null ? "" : ",\"result\":" + result)}}}""");
        Note(new() { Kind = kind, Outcome = answer.Outcome, TaskId = held.TaskId, Token = held.Token, Result = result,
                Blob = blob }, begin, answer);
        return answer;
    }

    public async Task<Answer> CompleteOldAsync(long taskId, string result)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync($"task/{taskId}/result", $$"""{"result":{{result}}}""");
        Note(new() { Kind = OperationKind.Complete, Outcome = answer.Outcome, TaskId = taskId, Result = result }, begin,
            answer);
        return answer;
    }

    public async Task<Answer> SteerAsync(OperationKind kind, long taskId)
    {
        var begin = history.Tick();
        var answer = await client.PostAsync($"api/v1/tasks/{taskId}/{kind.ToString().ToLowerInvariant()}", "");
        Note(new() { Kind = kind, Outcome = answer.Outcome, TaskId = taskId }, begin, answer);
        return answer;
    }

    public async Task<Answer> ReadAsync(long taskId)
    {
        var begin = history.Tick();
        var answer = await client.GetAsync($"api/v1/tasks/{taskId}");
        Note(new()
            { Kind = OperationKind.Read, Outcome = answer.Outcome, TaskId = taskId,
                Sight = answer.IsOk ? ReadSight(answer.Json) : null }, begin, answer);
        return answer;
    }

    private void Note(Operation operation, long begin, Answer answer) =>
        history.Add(operation with { Begin = begin, Status = answer.Status });

    private static Claimed ReadClaimed(JsonElement task)
    {
        var until = task.GetProperty("leaseExpiresAt").GetDateTimeOffset();
        return new(task.GetProperty("id").GetInt64(), task.GetProperty("payload").GetRawText(),
            task.GetProperty("attempt").GetInt32(), task.GetProperty("leaseToken").GetString(),
            until - TimeSpan.FromSeconds(LeaseSeconds), until,
            task.TryGetProperty("run", out var run) && run.TryGetProperty("outMb", out _));
    }

    private static Sight ReadSight(JsonElement task) => new(
        task.GetProperty("state").GetString()!, task.GetProperty("attempt").GetInt32(),
        task.TryGetProperty("leaseExpiresAt", out var until) ? until.GetDateTimeOffset() : null,
        task.TryGetProperty("result", out var result) ? result.GetRawText() : null);
}
