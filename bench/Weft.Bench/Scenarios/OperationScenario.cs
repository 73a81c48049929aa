using System.Text;
using System.Text.Json;
using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// What it costs the others when one operation retries 100,000 dead tasks, and how long it takes. In the middle of it
/// the coordinator is killed and started again.
/// </summary>
internal static class OperationScenario
{
    public static readonly Scenario Definition =
        new("operation", "full task cycles, alone and while an operation retries 100,000 tasks", RunAsync);

    private const int Dead = 100_000;
    private const int Batch = 1_000;
    private const int Connections = 32;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly Cell Alone = new("weft", "alone");
    private static readonly Cell Beside = new("weft", "operation");
    private static readonly Cell Ratio = new("operation / alone", "");

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples(
            $"Operation: cycles over {Connections} connections, alone and while {Dead:N0} dead tasks are retried; " +
            "kill -9 in the middle");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"operation: round {round} of {run.Options.Rounds}");
            await RunRoundAsync(run, samples, stop);
        }

        foreach (var metric in (Metric[])[Metric.CyclesPerSecond, Metric.RequestP99, Metric.ServerCpu])
            samples.AddRatio(Ratio, samples, Beside, Alone, metric);
        return [samples];
    }

    private static async Task RunRoundAsync(BenchRun run, Samples samples, CancellationToken stop)
    {
        var store = run.Workspace.NewStore();
        await using (var running = await RunningServer.StartAsync(run.Servers.Weft, store, stop))
        {
            using var api = new Api(running, stop);
            for (var made = 0; made < Dead; made += Batch) await api.DieAsync(Batch);
            var load = new CycleLoad(running.Address);
            await CycleMeasurement.TakeAsync(run, new(running), load, samples, Alone, Connections, stop);
            await api.PostAsync("operations", """{"action":"retry","filter":{"queue":"dead","state":"dead"}}""");
            await CycleMeasurement.TakeAsync(run, new(running), load, samples, Beside, Connections, stop);
            if (await api.ChangedAsync() == Dead) samples.Remarks.Add("The operation ended before the measurement.");
            while (await api.ChangedAsync() < Dead / 2) await Task.Delay(Look, TimeProvider.System, stop);
        }

        await using var again = await RunningServer.StartAsync(run.Servers.Weft, store, stop);
        using var after = new Api(again, stop);
        JsonElement operation;
        do
        {
            await Task.Delay(Look, TimeProvider.System, stop);
            operation = await after.GetAsync("operations/1");
        }
        while (operation.GetProperty("state").GetString() == "running");
        var ready = (await after.GetAsync("queues/dead")).GetProperty("counts").GetProperty("ready").GetInt32();
        var changed = operation.GetProperty("changed").GetInt32();
        var took = operation.GetProperty("finishedAt").GetDateTimeOffset()
            - operation.GetProperty("startedAt").GetDateTimeOffset();
        samples.Add(Beside, Metric.OperationTime, took.TotalSeconds);
        run.AddBad(Beside.Server, Math.Abs(Dead - changed) + Math.Abs(Dead - ready),
            $"the operation says {changed} and {ready} tasks are ready");
    }

    /// <summary>The few requests that this scenario sends itself.</summary>
    private sealed class Api(RunningServer server, CancellationToken stop) : IDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = new($"http://{server.Address}/api/v1/") };

        public async Task<JsonElement> GetAsync(string path) =>
            JsonElement.Parse(await http.GetByteArrayAsync(new Uri(path, UriKind.Relative), stop));

        public async Task<int> ChangedAsync() => (await GetAsync("operations/1")).GetProperty("changed").GetInt32();

        public async Task<JsonElement> PostAsync(string path, string json)
        {
            using var body = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, stop);
            answer.EnsureSuccessStatusCode();
            return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
        }

        /// <summary>Makes dead tasks in the queue <c>dead</c>.</summary>
        public async Task DieAsync(int count)
        {
            const string Task = """{"queue":"dead","payload":1}""";
            await PostAsync("tasks/batch", $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat(Task, count))}}]}""");
            var claimed = await PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["dead"],"max":{{count}}}""");
            var items = claimed.GetProperty("tasks").EnumerateArray().Select(static task =>
                $$"""{"action":"fail","id":{{task.GetProperty("id")}},"error":"no","retry":false,{{LeaseOf(task)}}}""");
            await PostAsync("tasks/settle", $$"""{"items":[{{string.Join(',', items)}}]}""");
        }

        private static string LeaseOf(JsonElement task) => $"\"leaseToken\":\"{task.GetProperty("leaseToken")}\"";

        public void Dispose() => http.Dispose();
    }
}
