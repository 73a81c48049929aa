using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>
/// Works on the API: completes most, fails and gives back some, forgets some and comes back to them when they may be
/// another's.
/// </summary>
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
            6 => await api.SettleAsync(OperationKind.Complete, task with { Token = "00000000deadbeef" },
                result: NextResult(task.TaskId, random)),
            _ => await CompleteAsync(task),
        };
        return !answer.IsGone;
    }

    private async Task<Answer> BeatAsync(Claimed task)
    {
        var answer = await api.SettleAsync(OperationKind.Heartbeat, task,
            ",\"leaseSeconds\":1,\"progress\":0.5,\"checkpoint\":[1]");
        if (answer.IsOk) known.Hold(task);
        return answer.IsOk ? await api.ReadAsync(task.TaskId) : answer;
    }

    private async Task<Answer> CompleteAsync(Claimed task)
    {
        // With one of two that look the same, nobody knows whose files they are.
        var result = task.MayWrite ? NextResult(task.TaskId) : NextResult(task.TaskId, random);
        var (more, blob) = ("", (string?)null);
        if (task.MayWrite && random.Next(3) > 0)
        {
            var text = BlobText.Next(random);
            var pushed = await api.PushOutputAsync(task, text);
            if (pushed.IsGone) return pushed;
            // Also where nobody knows whether it came: the complete is refused then.
            blob = BlobText.HashOf(text);
            more = $$""","outputs":[{"path":"o","blob":"{{blob}}","size":{{text.Length}}}]""";
        }

        var answer = await api.SettleAsync(OperationKind.Complete, task, more, result, blob);
        // The very same again, as a worker does that missed the answer.
        return answer.IsOk && random.Next(10) == 0
            ? await api.SettleAsync(OperationKind.Complete, task, more, result, blob)
            : answer;
    }

    /// <summary>A result unlike all others.</summary>
    internal static string NextResult(long taskId) => $"\"{taskId} {Guid.NewGuid():N} \\\"\\n\"";

    /// <summary>
    /// The same, sometimes with what programs trip over; or <c>null</c>, which is one, too: only two of the same task
    /// then look the same.
    /// </summary>
    internal static string NextResult(long taskId, Random random)
    {
        var unique = NextResult(taskId);
        return random.Next(16) switch
        {
            0 => "null",
            1 => $"[{unique},{OddJson.Half(random)}]",
            2 => $"[{unique},{OddJson.Nested(random)}]",
            _ => unique,
        };
    }
}
