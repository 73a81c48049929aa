using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>Brings tasks: singly and in batches, with and without keys, on both surfaces. A keyed submit without an answer is repeated.</summary>
internal sealed class Submitter(RecordedApi api, Knowledge known, Random random) : ILoadClient
{
    private const int BatchMax = 12;

    public async Task<bool> StepAsync()
    {
        if (known.TryTakeUnanswered(out var unanswered)) return await SendAsync(unanswered.Tasks, unanswered.Key, unanswered.IsBatch);
        if (random.Next(4) == 0) return await SubmitOldAsync();
        var isBatch = random.Next(3) == 0;
        var tasks = Enumerable.Range(0, isBatch ? random.Next(1, BatchMax + 1) : 1).Select(_ => NewTask.Next(random, known.Group)).ToArray();
        return await SendAsync(tasks, random.Next(2) == 0 ? $"key-{Guid.NewGuid():N}" : null, isBatch);
    }

    private async Task<bool> SubmitOldAsync()
    {
        var answer = await api.SubmitOldAsync(NewTask.NextPayload(random));
        if (answer.IsOk) known.Learn(answer.Json.GetProperty("taskId").GetInt64());
        return !answer.IsGone;
    }

    private async Task<bool> SendAsync(NewTask[] tasks, string? key, bool isBatch)
    {
        var answer = isBatch ? await api.SubmitBatchAsync(tasks, key) : await api.SubmitAsync(tasks[0], key);
        if (answer.IsOk)
        {
            var ids = isBatch ? answer.Json.GetProperty("outcomes").EnumerateArray() : Enumerable.Repeat(answer.Json, 1);
            foreach (var id in ids) if (id.TryGetProperty("id", out var given)) known.Learn(given.GetInt64());
            // Now and then also what was answered: a client may forget that it was.
            if (key is not null && random.Next(20) == 0) known.Unanswered(tasks, key, isBatch);
        }
        else if (key is not null)
        {
            known.Unanswered(tasks, key, isBatch);
        }

        return !answer.IsGone;
    }
}

/// <summary>Works on the API: completes most, fails and gives back some, forgets some and comes back to them when they may be another's.</summary>
internal sealed class Worker(RecordedApi api, Knowledge known, Random random, string workerId) : ILoadClient
{
    private const int ClaimMax = 6;
    private const double WaitSeconds = 0.1;

    public async Task<bool> StepAsync()
    {
        if (random.Next(3) == 0 && known.AnyHeld(random) is { } held && !await SettleAsync(held)) return false;
        var (answer, tasks) = await api.ClaimAsync(workerId, random.Next(1, ClaimMax + 1), WaitSeconds);
        if (answer.IsGone) return false;
        foreach (var task in tasks)
        {
            if (random.Next(6) == 0) known.Hold(task);
            else if (!await SettleAsync(task)) return false;
        }

        return true;
    }

    private async Task<bool> SettleAsync(Claimed task)
    {
        var answer = random.Next(20) switch
        {
            0 => await api.SettleAsync(OperationKind.Fail, task, ",\"error\":\"no luck\""),
            1 => await api.SettleAsync(OperationKind.Fail, task, ",\"error\":\"hopeless\",\"retry\":false"),
            2 => await api.SettleAsync(OperationKind.Release, task),
            3 => await api.SettleAsync(OperationKind.Release, task, ",\"delaySeconds\":0.2"),
            4 or 5 => await BeatAsync(task),
            6 => await api.SettleAsync(OperationKind.Complete, task with { Token = "00000000deadbeef" }, result: NextResult(task.TaskId)),
            _ => await CompleteAsync(task),
        };
        return !answer.IsGone;
    }

    private async Task<Answer> BeatAsync(Claimed task)
    {
        var answer = await api.SettleAsync(OperationKind.Heartbeat, task, ",\"leaseSeconds\":1,\"progress\":0.5,\"checkpoint\":[1]");
        if (answer.IsOk) known.Hold(task);
        return answer.IsOk ? await api.ReadAsync(task.TaskId) : answer;
    }

    private async Task<Answer> CompleteAsync(Claimed task)
    {
        var result = NextResult(task.TaskId);
        var answer = await api.SettleAsync(OperationKind.Complete, task, result: result);
        // The very same again, as a worker does that missed the answer.
        return answer.IsOk && random.Next(10) == 0 ? await api.SettleAsync(OperationKind.Complete, task, result: result) : answer;
    }

    internal static string NextResult(long taskId) => $"\"{taskId} {Guid.NewGuid():N} \\\"\\n\"";
}

/// <summary>Works on the six endpoints, without tokens.</summary>
internal sealed class OldWorker(RecordedApi api, Random random, string workerId) : ILoadClient
{
    private const double WaitSeconds = 0.1;

    public async Task<bool> StepAsync()
    {
        var (answer, task) = await api.ClaimOldAsync(workerId, WaitSeconds);
        if (answer.IsGone) return false;
        if (task is null || random.Next(10) == 0) return true;
        return !(await api.CompleteOldAsync(task.TaskId, Worker.NextResult(task.TaskId))).IsGone;
    }
}

/// <summary>Cancels, retries and reads tasks at random.</summary>
internal sealed class Meddler(RecordedApi api, Knowledge known, Random random) : ILoadClient
{
    public async Task<bool> StepAsync()
    {
        if (known.AnyTask(random) is not { } id) return !(await api.Client.GetAsync("health")).IsGone;
        var answer = random.Next(12) switch
        {
            0 => await api.SteerAsync(OperationKind.Cancel, id),
            1 or 2 => await api.SteerAsync(OperationKind.Retry, id),
            _ => await api.ReadAsync(id),
        };
        return !answer.IsGone;
    }
}
