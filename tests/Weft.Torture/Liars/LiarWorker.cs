using System.Globalization;
using System.Text.Json;
using Weft.Torture.Load;

namespace Weft.Torture.Liars;

/// <summary>How a worker lies.</summary>
internal enum LieOf
{
    Nothing,

    /// <summary>Everything, by itself.</summary>
    AllAlone,

    /// <summary>A tenth, by itself.</summary>
    TenthAlone,

    /// <summary>Everything, as its fellows do.</summary>
    AllTogether,
}

/// <summary>
/// A worker that proves who it is and squares numbers, or says so; it also fails, comes late, and sends things twice.
/// Where names decide, those who lie together everywhere lie by the plot.
/// </summary>
internal sealed class LiarWorker(
    VerifiedStore store, string name, int network, LieOf lie, Func<LiarPlot> plot, Random random, bool isScrambled,
    bool isCalm)
{
    private const int ClaimMax = 3;
    private readonly List<(long Id, long Number, string Token)> _late = [];
    private readonly LiarName _fellow = new();

    public string Name => name;

    /// <summary>What the coordinator calls it; null: it has no key yet.</summary>
    public string? PublicName { get; private set; }

    /// <summary>Where names decide: it writes the sign of what is no number, as some processors do.</summary>
    public bool HasOtherSign { get; init; }

    /// <summary>Where names decide.</summary>
    public bool IsHonest => lie != LieOf.AllTogether;

    /// <summary>Where it is, for the header that a trusted proxy sets; two workers share a network.</summary>
    public string Address => $"81.7.{network}.{10 + random.Next(100)}";

    /// <summary>Works until it is stopped, or the coordinator is gone.</summary>
    public async Task RunAsync(Surface surface, CancellationToken stop)
    {
        using var client = new TortureClient(surface);
        while (!stop.IsCancellationRequested)
        {
            if (await StepAsync(client)) continue;
            if (!client.HasOthers) return;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    private Task<Answer> ClaimAsync(TortureClient client, string queue, int max) => client.PostAsync(
        "api/v1/tasks/claim", JsonSerializer.Serialize(new
        {
            workerId = name, workerKey = store.Keys.GetValueOrDefault(name), max, wait = 0.1, leaseSeconds = 1,
            queues = new[] { queue },
        }));

    private async Task<bool> StepAsync(TortureClient client)
    {
        // The control: as if the coordinator couldn't tell networks apart.
        client.ForwardedFor = isScrambled ? $"81.8.{random.Next(256)}.1" : Address;
        if (!store.Keys.ContainsKey(name))
        {
            var made = await client.PostAsync("api/v1/workers", "{}");
            if (!made.IsOk) return !made.IsGone;
            store.Keys[name] = made.Json.GetProperty("workerKey").GetString()!;
            PublicName = made.Json.GetProperty("worker").GetString();
        }

        if (_late.Count > 0 && (isCalm || random.Next(4) == 0))
        {
            var late = _late[0];
            _late.RemoveAt(0);
            if (!await AnswerAsync(client, late.Id, late.Number, late.Token)) return false;
        }

        // Who is barred from one gets nothing of either, asked for together.
        var queue = random.Next(2) == 0 ? VerifiedQueues.All : VerifiedQueues.Adaptive;
        var claimed = await ClaimAsync(client, queue, random.Next(1, ClaimMax + 1));
        if (claimed.IsGone) return false;
        if (!claimed.IsOk) return true;
        foreach (var task in claimed.Json.GetProperty("tasks").EnumerateArray())
        {
            var id = task.GetProperty("id").GetInt64();
            store.Claimed[id] = true;
            if (!await SettleAsync(client, id, task.GetProperty("payload").GetInt64(),
                task.GetProperty("leaseToken").GetString()!)) return false;
        }

        return true;
    }

    private async Task<bool> SettleAsync(TortureClient client, long id, long number, string token)
    {
        switch (isCalm ? 9 : random.Next(20))
        {
            case 0:
                return !(await client.PostAsync($"api/v1/tasks/{id}/release",
                    $$"""{"leaseToken":"{{token}}"}""")).IsGone;
            case 1:
                return !(await client.PostAsync($"api/v1/tasks/{id}/fail",
                    $$"""{"leaseToken":"{{token}}","error":"no luck"}""")).IsGone;
            case 2 or 3:
                _late.Add((id, number, token));
                return true;
            default:
                return await AnswerAsync(client, id, number, token);
        }
    }

    private async Task<bool> AnswerAsync(TortureClient client, long id, long number, string token)
    {
        var result = ResultOf(id, number);
        if (await SendAsync(client, id, number, token, result) is not { } taken) return false;
        if (!taken || random.Next(5) != 0) return true;
        // The very same again, as a worker does that missed the answer; or another one, which must change nothing.
        var again = random.Next(2) == 0 ? result : (number + 7).ToString(CultureInfo.InvariantCulture);
        return await SendAsync(client, id, number, token, again) is not null;
    }

    private async Task<bool?> SendAsync(TortureClient client, long id, long number, string token, string result)
    {
        var answer = await client.PostAsync(
            $"api/v1/tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":{{result}}}""");
        store.Answers.Enqueue(new(number, name, network, token, result, answer.Outcome));
        return answer.IsGone ? null : answer.IsOk;
    }

    private string ResultOf(long id, long number)
    {
        var truth = VerifiedStore.Truth(number);
        if (store.IsAdaptive(number))
        {
            if (HasOtherSign) return "\"-nan\"";
            if (!IsHonest) truth += plot().LieOf(_fellow, number, isFirst: store.Numbers.ContainsKey(id));
            return truth.ToString(CultureInfo.InvariantCulture);
        }

        var wrong = lie switch
        {
            LieOf.AllTogether => truth + 1,
            LieOf.AllAlone => truth + 2 + network,
            LieOf.TenthAlone when random.Next(10) == 0 => truth + 100 + network,
            _ => truth,
        };
        return wrong.ToString(CultureInfo.InvariantCulture);
    }
}
