using System.Globalization;
using System.Text.Json;
using Weft.Torture.Load;

namespace Weft.Torture.Liars.Table;

/// <summary>
/// A worker that takes one task after the other. One that is barred comes back at once under a new name.
/// </summary>
internal sealed class TableWorker(TableRun run, int number, bool isHostile, Random random)
{
    // So often in a row nothing, while there are tasks for everybody and no answer of its own waits for a check.
    private const int NothingMax = 2;
    private const int OwnMax = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private LiarName _name = new();
    private string? _key;
    private readonly List<long> _own = [];
    private string _address = "";
    private int _nothing;

    public async Task RunAsync(Surface surface, CancellationToken stop)
    {
        using var client = new TortureClient(surface);
        var items = "";
        while (!stop.IsCancellationRequested)
        {
            await EnsureNamedAsync(client);
            var claim = $$"""
                {"workerId":"{{number}}","workerKey":"{{_key}}","queues":["{{TableRun.Queue}}"],"leaseSeconds":600}
                """;
            var answer = await client.PostAsync(
                "api/v1/tasks/settle", $"{{\"items\":[{items}],\"claim\":{claim}}}");
            if (!answer.IsOk) throw new InvalidOperationException($"A settle was answered {answer.Status}.");
            foreach (var outcome in answer.Json.GetProperty("outcomes").EnumerateArray())
            {
                if (outcome.GetProperty("status").GetInt32() == 200) run.Answered();
            }

            items = await WorkAsync(answer.Json.GetProperty("tasks"));
        }
    }

    private async Task EnsureNamedAsync(TortureClient client)
    {
        if (_nothing >= NothingMax && !run.IsRunningOut)
        {
            if (_own.Count > 0)
            {
                // Whoever has sent answers that nobody has checked yet gets no more for that.
                await ForgetDecidedAsync(client);
            }
            else
            {
                run.Barred(isHostile);
                (_name, _key, _nothing) = (new(), null, 0);
            }
        }

        if (_key is not null) return;
        client.ForwardedFor = _address = run.NextAddress();
        var made = await client.PostAsync("api/v1/workers", "{}");
        if (!made.IsOk) throw new InvalidOperationException($"A new worker was answered {made.Status}: {_address}.");
        _key = made.Json.GetProperty("workerKey").GetString();
    }

    private async Task ForgetDecidedAsync(TortureClient client)
    {
        foreach (var id in _own.ToArray())
        {
            var task = await client.GetAsync($"api/v1/tasks/{id}");
            if (task.IsOk && task.Json.GetProperty("state").GetString() == "checking") return;
            _own.Remove(id);
        }
    }

    private async Task<string> WorkAsync(JsonElement tasks)
    {
        if (tasks.GetArrayLength() == 0)
        {
            _nothing++;
            await Task.Delay(Pause, TimeProvider.System);
            return "";
        }

        _nothing = 0;
        var task = tasks[0];
        var (id, payload) = (task.GetProperty("id").GetInt64(), task.GetProperty("payload").GetInt64());
        var isFirst = run.IsFirst(id);
        run.Took(isFirst);
        if (isFirst) _own.Add(id);
        if (_own.Count > OwnMax) _own.RemoveAt(0);
        // Workers that take equally long would go in step.
        if (run.Work > TimeSpan.Zero)
            await Task.Delay(run.Work * (0.5 + random.NextDouble()), TimeProvider.System);
        var result = VerifiedStore.Truth(payload) + (isHostile ? run.Plot.LieOf(_name, payload, isFirst) : 0);
        var token = task.GetProperty("leaseToken").GetString();
        return string.Create(CultureInfo.InvariantCulture,
            $"{{\"action\":\"complete\",\"id\":{id},\"leaseToken\":\"{token}\",\"result\":{result}}}");
    }
}
