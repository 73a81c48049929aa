using Weft.Torture.Histories;
using Weft.Torture.Load;

namespace Weft.Torture.Scenarios;

/// <summary>
/// One client does everything once, one thing after the other: the same calls to the system each time.
/// </summary>
internal sealed class ReferenceScenario(RecordedApi api, Knowledge known)
{
    private readonly Random _random = new(1);

    /// <summary>Ends early when the coordinator is gone.</summary>
    public async Task RunAsync()
    {
        foreach (var step in new Func<Task<Answer>>[] { MakeGroupAsync, SubmitAsync, SubmitBatchAsync,
            () => api.SubmitOldAsync(NewTask.NextPayload(_random)), WorkAsync, CancelAsync, WorkOldAsync })
        {
            if ((await step()).IsGone) return;
        }
    }

    private async Task<Answer> MakeGroupAsync()
    {
        var answer = await api.Client.PostAsync("api/v1/groups", "{}");
        if (answer.IsOk) known.Group = answer.Json.GetProperty("id").GetInt64();
        return answer;
    }

    private async Task<Answer> SubmitAsync()
    {
        var task = New("");
        var answer = await api.SubmitAsync(task, task.Payload);
        if (!answer.IsOk) known.Unanswered([task], task.Payload, isBatch: false);
        return answer;
    }

    private async Task<Answer> SubmitBatchAsync()
    {
        NewTask[] tasks = [New(known.Group is { } group ? $",\"group\":{group}" : ""), New(",\"priority\":5"),
            New(new string(' ', 30_000))];
        var answer = await api.SubmitBatchAsync(tasks, tasks[0].Payload);
        if (!answer.IsOk) known.Unanswered(tasks, tasks[0].Payload, isBatch: true);
        return answer;
    }

    private async Task<Answer> WorkAsync()
    {
        var (answer, tasks) = await api.ClaimAsync("worker", 3, 0);
        if (tasks.Count < 3) return answer;
        answer = await api.SettleAsync(OperationKind.Complete, tasks[0], result: Worker.NextResult(tasks[0].TaskId));
        if (answer.IsGone) return answer;
        answer = await api.SettleAsync(OperationKind.Heartbeat, tasks[1], ",\"checkpoint\":[1]");
        if (answer.IsGone) return answer;
        answer = await api.SettleAsync(OperationKind.Fail, tasks[1], ",\"error\":\"hopeless\",\"retry\":false");
        if (answer.IsGone) return answer;
        answer = await api.SteerAsync(OperationKind.Retry, tasks[1].TaskId);
        if (answer.IsGone) return answer;
        return await api.SettleAsync(OperationKind.Release, tasks[2]);
    }

    private async Task<Answer> CancelAsync()
    {
        var (answer, tasks) = await api.ClaimAsync("worker", 1, 0);
        return tasks.Count == 0 ? answer : await api.SteerAsync(OperationKind.Cancel, tasks[0].TaskId);
    }

    private async Task<Answer> WorkOldAsync()
    {
        var (answer, task) = await api.ClaimOldAsync("old", 0);
        if (task is null) return answer;
        answer = await api.CompleteOldAsync(task.TaskId, Worker.NextResult(task.TaskId));
        return answer.IsGone ? answer : await api.ReadAsync(task.TaskId);
    }

    private NewTask New(string more) => new(NewTask.NextPayload(_random), NewTask.QueueOld, more);
}
