using System.Text.Json;
using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Targets;

namespace Weft.Torture.Load;

/// <summary>Brings a store to rest when the faults are over, and reads all of it.</summary>
internal sealed class Rest(TortureTarget target, History history, Knowledge known)
{
    private static readonly TimeSpan TroubleTimeMax = TimeSpan.FromSeconds(20);

    private const int PageSize = 1_000;
    private const int ReadersAtOnce = 8;

    // I9: five attempts, each with its lease (1 s), a sweep (1.1 s) and the longest backoff before it (1, 2, 4, 8, 16
    // s), and the longest delay and expiry (3 s), twice over for a machine that is busy with other things.
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(2 * ((5 * 2.1) + 31 + 3));

    /// <summary>Completes what there is until nothing is unfinished. False: the time for it is over.</summary>
    public async Task<bool> ComeToRestAsync()
    {
        using var client = new TortureClient(target.Surface);
        var api = new RecordedApi(client, history);
        await RepeatUnansweredAsync(api);
        await FinishPushesAsync(api);
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TimeMax)
        {
            var (answer, tasks) = await api.ClaimAsync("rest", 100, 0.5);
            if (answer.IsGone && !target.IsRunning)
                throw new InvalidOperationException($"The coordinator ended while no fault was at " +
                    $"work.\n{target.Printed}");
            // Together: a lease is short, and a commit to two disks takes its time.
            await Task.WhenAll(
                tasks.Select(task =>
                    api.SettleAsync(OperationKind.Complete, task, result: Worker.NextResult(task.TaskId))));
            // Attempts are bounded, so that this ends; how many tasks a busy machine gets through is no promise.
            if (tasks.Count > 0) start = TimeProvider.System.GetTimestamp();
            if (answer.IsOk && tasks.Count == 0 && await UnfinishedAsync(client) == 0) return true;
        }

        return false;
    }

    /// <summary>Cancels what is unfinished: for stores of which so many are made that none may take seconds.</summary>
    public async Task CancelUnfinishedAsync()
    {
        using var client = new TortureClient(target.Surface);
        var api = new RecordedApi(client, history);
        await RepeatUnansweredAsync(api);
        foreach (var task in (await ReadTasksAsync(client)).Where(static task => !States.IsFinal(task.State)))
            await api.SteerAsync(OperationKind.Cancel, task.Id);
    }

    /// <summary>
    /// Reads everything through the API, then stops the coordinator in good order and checks its store.
    /// </summary>
    public async Task<StoreImage> ReadAsync(bool cameToRest)
    {
        using var client = new TortureClient(target.Surface);
        var tasks = await ReadTasksAsync(client);
        var queues = new Dictionary<(string, string), long>();
        foreach (var queue in (await OkAsync(client, "api/v1/queues")).GetProperty("queues").EnumerateArray())
        {
            foreach (var state in queue.GetProperty("counts").EnumerateObject())
                queues[(queue.GetProperty("name").GetString()!, state.Name)] = state.Value.GetInt64();
        }

        var groups = new Dictionary<(long, string), long>();
        var lost = new List<string>();
        if (known.Group is { } group)
        {
            var answer = await client.GetAsync($"api/v1/groups/{group}");
            if (!answer.IsOk) lost.Add($"group {group} was acknowledged, and is answered {answer.Status}");
            else foreach (var state in answer.Json.GetProperty("counts").EnumerateObject())
                groups[(group, state.Name)] = state.Value.GetInt64();
        }

        var total = (await OkAsync(client, "stats")).GetProperty("totalTasks").GetInt64();
        var blobs = await ReadBlobsAsync(client,
            known.Blobs.Concat(tasks.SelectMany(static task => new[] { task.File, task.Output }.OfType<string>())));
        await target.StopAsync();
        return new(tasks, queues, groups, total, [.. lost, .. await target.CheckAsync()], cameToRest)
            { Blobs = blobs };
    }

    private static async Task<Dictionary<string, string?>> ReadBlobsAsync(
        TortureClient client, IEnumerable<string> hashes)
    {
        var blobs = new Dictionary<string, string?>();
        foreach (var hash in hashes.Distinct())
        {
            var path = $"api/v1/blobs/{hash}";
            var answer = await AnswerAsync(client, path);
            if (answer is { IsOk: false, Status: not 404 }) throw Trouble(path, answer);
            blobs[hash] = answer.IsOk ? BlobText.HashOf(answer.Json.GetRawText()) : null;
        }

        return blobs;
    }

    /// <summary>Repeats each keyed submit that had no answer: with the same key it must make no second task.</summary>
    private async Task RepeatUnansweredAsync(RecordedApi api)
    {
        while (known.TryTakeUnanswered(out var submit))
        {
            if (submit.IsBatch) await api.SubmitBatchAsync(submit.Tasks, submit.Key);
            else await api.SubmitAsync(submit.Tasks[0], submit.Key);
        }
    }

    /// <summary>What was brought in part goes on where it stopped, and is there then.</summary>
    private async Task FinishPushesAsync(RecordedApi api)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (known.AnyPush() is { } push)
        {
            var answer = await Submitter.PushPieceAsync(api, known, push, Random.Shared);
            if (answer.Status is 200 or 201 or 202 or 409) continue;
            if (TimeProvider.System.GetElapsedTime(start) > TimeMax) throw Trouble("the push of " + push.Hash, answer);
        }
    }

    private static async Task<long> UnfinishedAsync(TortureClient client)
    {
        var stats = await OkAsync(client, "stats");
        return stats.GetProperty("pending").GetInt64() + stats.GetProperty("processing").GetInt64();
    }

    private static async Task<List<StoredTask>> ReadTasksAsync(TortureClient client)
    {
        var ids = new List<long>();
        string? next = "";
        while (next is not null)
        {
            var page = await OkAsync(client,
                $"api/v1/tasks?order=oldest&limit={PageSize}{(next.Length > 0 ? "&after=" + next : "")}");
            ids.AddRange(page.GetProperty("tasks").EnumerateArray()
                .Select(static task => task.GetProperty("id").GetInt64()));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }

        var tasks = new StoredTask[ids.Count];
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadersAtOnce },
            async (i, _) => tasks[i] = ReadTask(await OkAsync(client, $"api/v1/tasks/{ids[i]}")));
        return [.. tasks];
    }

    private static StoredTask ReadTask(JsonElement task) => new(
        task.GetProperty("id").GetInt64(), task.GetProperty("queue").GetString()!,
        task.GetProperty("state").GetString()!, task.GetProperty("payload").GetRawText(),
        task.TryGetProperty("result", out var result) ? result.GetRawText() : null,
        task.TryGetProperty("group", out var group) ? group.GetInt64() : null,
        task.GetProperty("attempt").GetInt32(),
        task.TryGetProperty("run", out var run) && run.TryGetProperty("files", out var files) ? BlobIn(files) : null,
        task.TryGetProperty("outputs", out var outputs) ? BlobIn(outputs) : null);

    private static string? BlobIn(JsonElement files) => files[0].GetProperty("blob").GetString();

    private static async Task<JsonElement> OkAsync(TortureClient client, string path)
    {
        var answer = await AnswerAsync(client, path);
        return answer.IsOk ? answer.Json : throw Trouble(path, answer);
    }

    // A database that has only just come back, on a busy machine, may need a moment.
    private static async Task<Answer> AnswerAsync(TortureClient client, string path)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (; ; )
        {
            var answer = await client.GetAsync(path);
            if (answer.Status is not (503 or 429) || TimeProvider.System.GetElapsedTime(start) > TroubleTimeMax)
                return answer;
        }
    }

    private static InvalidOperationException Trouble(string path, Answer answer) =>
        new($"GET {path} was answered {answer.Status} while no fault was at work: {answer.Json}");
}
