using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Deploy;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Metrics;

/// <summary>What an operator's Prometheus gets from <c>/metrics</c>.</summary>
public sealed partial class MetricsTests
{
    // Of all labels there are: no worker, task, group of tasks, token or address.
    private static readonly string[] Labels =
    [
        "code", "commit", "engine", "generation", "group", "le", "outcome", "part", "queue", "reason", "route", "state",
        "verb", "version",
    ];

    [Fact]
    public async Task Counters_TellWhatWasDone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var api = new ApiWire(coordinator.Wire);
        await Scrape.OfAsync(coordinator.Wire);
        for (var i = 0; i < 4; i++) await api.PostAsync("tasks", """{"queue":"q","payload":1,"maxAttempts":1}""", 201);
        var tasks = await ClaimAsync(api, "q", 3);
        // A worker that says that it computed for a year: no longer than it had the task.
        await SettleAsync(api, tasks[0], "complete", ""","result":1,"runMs":31536000000""");
        await SettleAsync(api, tasks[1], "fail", ""","error":"broken" """);
        await SettleAsync(api, tasks[2], "release");
        await SettleAsync(api, tasks[0], "complete", ""","result":2""", 409);

        var seen = await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_settles_refused_total") > 0);
        Assert.Equal(4, seen.Sum("weft_tasks_submitted_total", ("queue", "q")));
        Assert.Equal(3, seen.Sum("weft_tasks_claimed_total", ("queue", "q")));
        Assert.Equal(1, seen.Sum("weft_tasks_completed_total", ("queue", "q")));
        Assert.Equal(1, seen.Sum("weft_attempts_failed_total", ("queue", "q"), ("reason", "failed")));
        Assert.Equal(1, seen.Sum("weft_tasks_dead_total", ("queue", "q"), ("reason", "attempts")));
        Assert.Equal(1, seen.Sum("weft_tasks_released_total", ("queue", "q")));
        Assert.Equal(1, seen.Sum("weft_settles_refused_total", ("code", "task_finished")));
        Assert.Equal(3, seen.Sum("weft_task_wait_seconds_count", ("queue", "q")));
        Assert.Equal(2, seen.Sum("weft_task_run_seconds_count", ("queue", "q")));
        Assert.Equal(1, seen.Sum("weft_task_compute_seconds_count", ("queue", "q")));
        Assert.InRange(seen.Sum("weft_task_compute_seconds_sum"), 0, seen.Sum("weft_task_run_seconds_sum"));
        Assert.Equal(2, seen.Sum("weft_task_age_seconds_count"));
        Assert.Equal(1, seen.Sum("weft_claims_total", ("outcome", "hit")));
        Assert.Equal(4, seen.Sum("weft_http_requests_total", ("route", "/api/v1/tasks"), ("code", "201")));
        Assert.Equal(4, seen.Sum("weft_http_request_seconds_count", ("group", "submit")));
        Assert.Equal(
            [("completed", 1), ("dead", 1), ("ready", 2)],
            seen.All.Where(static series => series is { Name: "weft_tasks", Value: > 0 })
                .Select(static series => (series.Labels["state"], series.Value)).Order());
    }

    [Fact]
    public async Task AClaimThatWaits_IsTimedFromItsWakeUp()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var api = new ApiWire(coordinator.Wire);
        await Scrape.OfAsync(coordinator.Wire);
        var claim = api.PostAsync("tasks/claim", """{"workerId":"w","wait":20}""");
        await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_workers", ("state", "waiting")) == 1
            && seen.Sum("weft_http_held_requests") == 1);
        await api.PostAsync("tasks", """{"payload":1}""", 201);
        await claim;
        var seen = await Scrape.WithAsync(coordinator.Wire,
            static seen => seen.Sum("weft_claims_total", ("outcome", "woken")) == 1);
        Assert.Equal(1, seen.Sum("weft_claim_wakeup_seconds_count"));
        Assert.Equal(0, seen.Sum("weft_http_request_seconds_count", ("group", "claim")));
        Assert.Equal(0, seen.Sum("weft_http_held_requests"));
    }

    [Fact]
    public async Task ReadyTasksThatNobodyMayRun_ShowInTheirQueue()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var api = new ApiWire(coordinator.Wire);
        await api.PostAsync("tasks", """{"queue":"q","payload":1,"requires":["gpu"]}""", 201);
        await api.PostAsync("queues/other/pause");
        var seen = await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_queue_paused") > 0);
        Assert.Equal(1, seen.Sum("weft_queue_ready_unserved", ("queue", "q")));
        Assert.Equal(1, seen.Sum("weft_queue_paused", ("queue", "other")));
    }

    [Fact]
    public async Task Queues_BeyondTheFirstHundred_AreAddedUp()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await SubmitToQueuesAsync(coordinator, 150);
        var seen = await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_tasks") == 150);
        foreach (var name in new[] { "weft_tasks_submitted_total", "weft_queue_ready_unserved" })
        {
            Assert.Equal(101, seen.All.Count(series => series.Name == name));
            Assert.Equal((150, 50), (seen.Sum(name), seen.Sum(name, ("queue", "_other"))));
        }

        Assert.Equal(50, seen.Sum("weft_tasks", ("queue", "_other"), ("state", "ready")));
        Assert.Subset(Labels.ToHashSet(), seen.All.SelectMany(static series => series.Labels.Keys).ToHashSet());
        Assert.Distinct(seen.All.Select(static series => $"{series.Name} {string.Join(' ', series.Labels)}"));
        Assert.InRange(seen.Text.Length, 1, 400_000);
    }

    [Fact]
    public async Task WithoutQueues_AllAreAddedUp()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--metrics-queues", "0");
        await SubmitToQueuesAsync(coordinator, 3);
        var seen = await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_tasks") == 3);
        Assert.Equal(["_other"],
            seen.All.Select(static series => series.Labels.GetValueOrDefault("queue")).OfType<string>().Distinct());
    }

    [Fact]
    public async Task OnlyAToken_ThatMayReadMetrics_ReadsThem()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens");
        using var admin = new Wire(coordinator.Address, await coordinator.AdminTokenAsync());
        Assert.Equal((401, "unauthorized"), await RefusalAsync(coordinator.Wire));
        Assert.Equal((403, "forbidden"), await RefusalAsync(await TokenAsync("work")));
        Assert.Equal(200, (await (await TokenAsync("read")).GetAsync("/metrics")).Status);
        var metrics = await TokenAsync("metrics");
        Assert.Equal(200, (await metrics.GetAsync("/metrics")).Status);
        Assert.Equal(403, (await metrics.GetAsync("/api/v1/queues")).Status);
        Assert.Equal(403, (await metrics.GetAsync("/stats")).Status);
        await Scrape.WithAsync(metrics, static seen => seen.Sum("weft_http_refused_total", ("reason", "token")) == 4);

        async Task<Wire> TokenAsync(string scope)
        {
            var made = await new ApiWire(admin).PostAsync("tokens", $$"""{"scopes":["{{scope}}"]}""", 201);
            return new(coordinator.Address, made.GetProperty("token").GetString());
        }
    }

    [Fact]
    public async Task OpenMetrics_NeedNoToken_AndNothingElseIsOpen()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens", "--metrics", "open");
        Assert.Equal(200, (await coordinator.Wire.GetAsync("/metrics")).Status);
        Assert.Equal(401, (await coordinator.Wire.GetAsync("/api/v1/queues")).Status);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("tokens")]
    public async Task MetricsThatAreOff_SayHowTheyAreTurnedOn(string access)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--access", access, "--metrics", "off");
        var answer = await coordinator.Wire.GetAsync("/metrics");
        Assert.Equal((404, "not_found"), (answer.Status, ApiWire.Code(answer.Json)));
        Assert.Contains("--metrics", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenForMetrics_WhereThereAreNone_IsRefusedAtTheStart()
    {
        var result = await WeftBinary.RunAsync("serve", "--port", "0", "--metrics", "token");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("--access tokens", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForeignPages_DoNotReadMetrics()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(coordinator.Address, "/metrics"))
        {
            Headers = { { "Origin", "https://elsewhere.example" }, { "Sec-Fetch-Site", "cross-site" } },
        };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text; version=1.0.0",
        "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    public async Task TheFormat_IsTheOneAskedFor_AndHeadTellsIt(string accept, string type)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var http = new HttpClient { BaseAddress = coordinator.Address };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, "/metrics");
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.StartsWith(type, answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
            Assert.Empty(answer.Content.Headers.ContentEncoding);
            Assert.Equal(method == HttpMethod.Get, body.Length > 0);
        }
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task EveryMetric_OfTheRulesAndTheBoard_IsThere()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await Scrape.OfAsync(coordinator.Wire);
        await DoOneOfEverythingAsync(coordinator);
        var seen = await Scrape.WithAsync(coordinator.Wire, static seen =>
            seen.Types.ContainsKey("weft_store_checkpoint_seconds")
                && seen.Types.ContainsKey("weft_claim_wakeup_seconds"));
        var expressions = DeployFiles.Read("prometheus/weft.rules.yml") + DeployFiles.Read("grafana/weft.json");
        var named = Name().Matches(expressions).Select(static name => name.Value).Distinct().Order().ToList();
        Assert.InRange(named.Count, 40, 200);
        Assert.Empty(named.Except([.. seen.Types.Keys, .. seen.All.Select(static series => series.Name)]));
        var documented = await File.ReadAllTextAsync(Repository.PathOf("docs/observability.md"),
            TestContext.Current.CancellationToken);
        Assert.All(seen.Types.Keys, name =>
        {
            Assert.Contains(name, expressions, StringComparison.Ordinal);
            Assert.Contains($"`{name}`", documented, StringComparison.Ordinal);
        });
        Assert.All(seen.Types, static metric => Assert.Equal(
            metric.Key.EndsWith("_total", StringComparison.Ordinal), metric.Value == "counter"));
    }

    [Fact]
    public async Task TheRulesAndTheMetrics_AreAsPrometheusWantsThem()
    {
        await DeployFiles.AssertTakesAsync("promtool", "check", "rules",
            DeployFiles.PathOf("prometheus/weft.rules.yml"));
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var seen = await Scrape.OfAsync(coordinator.Wire);
        var check = Command.Describe("promtool", Path.GetTempPath(), ["check", "metrics"]);
        var result = await Command.RunAsync(check, Eventually.Max, seen.Text);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public async Task TheBoard_IsReadable_AndItsPanelsHaveQueries()
    {
        var board = JsonDocument.Parse(await File.ReadAllTextAsync(
            DeployFiles.PathOf("grafana/weft.json"), TestContext.Current.CancellationToken)).RootElement;
        var panels = board.GetProperty("panels").EnumerateArray().ToList();
        Assert.Distinct(panels.Select(static panel => panel.GetProperty("id").GetInt32()));
        Assert.All(panels.Where(static panel => panel.GetProperty("type").GetString() != "row"), static panel =>
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
    }

    private static async Task DoOneOfEverythingAsync(CoordinatorProcess coordinator)
    {
        var api = new ApiWire(coordinator.Wire);
        var waiting = api.PostAsync("tasks/claim", """{"workerId":"w","queues":["q"],"wait":20}""");
        await Scrape.WithAsync(coordinator.Wire, static seen => seen.Sum("weft_http_held_requests") == 1);
        await api.PostAsync("tasks", """{"queue":"q","payload":1}""", 201);
        var task = (await waiting).GetProperty("tasks")[0];
        await SettleAsync(api, task, "complete", ""","result":1,"runMs":3""");
        // More than a log holds before it is copied.
        var payload = new string('x', 1 << 20 >> 1);
        for (var i = 0; i < 40; i++) await api.PostAsync("tasks", $$"""{"payload":"{{payload}}"}""", 201);
    }

    private static async Task SubmitToQueuesAsync(CoordinatorProcess coordinator, int queues)
    {
        var tasks = Enumerable.Range(0, queues).Select(static queue => $$"""{"queue":"q{{queue}}","payload":1}""");
        await new ApiWire(coordinator.Wire).PostAsync("tasks/batch", $$"""{"tasks":[{{string.Join(',', tasks)}}]}""");
    }

    private static async Task<List<JsonElement>> ClaimAsync(ApiWire api, string queue, int max) =>
        [.. (await api.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"],"max":{{max}}}"""))
            .GetProperty("tasks").EnumerateArray()];

    private static Task<JsonElement> SettleAsync(ApiWire api, JsonElement task, string verb, string more = "",
        int status = 200) => api.PostAsync(
        $"tasks/{task.GetProperty("id")}/{verb}", $$"""{"leaseToken":"{{task.GetProperty("leaseToken")}}"{{more}}}""",
        status);

    private static async Task<(int Status, string Code)> RefusalAsync(Wire wire)
    {
        var answer = await wire.GetAsync("/metrics");
        return (answer.Status, ApiWire.Code(answer.Json));
    }

    [GeneratedRegex(@"\b(weft|process|dotnet)_[a-z_]*[a-z]\b(?!:)")]
    private static partial Regex Name();
}
