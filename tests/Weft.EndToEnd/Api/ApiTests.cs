using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Api;

/// <summary>
/// Every request of /api/v1 that has to do with tasks, on the published binary: the native build leaves out what
/// nothing seems to use.
/// </summary>
public sealed class ApiTests : IAsyncLifetime
{
    private CoordinatorProcess _coordinator = null!;
    private ApiWire _api = null!;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await CoordinatorProcess.StartNewAsync();
        _api = new(_coordinator.Wire);
    }

    public ValueTask DisposeAsync() => _coordinator.DisposeAsync();

    [Fact]
    public async Task Tasks_AreSubmittedClaimedAndSettled()
    {
        const string Task = """{"queue":"q","type":"t","payload":{"n":1},"priority":3,"requires":["memory>=2"]}""";
        var id = Id(await _api.PostAsync("tasks", Task, 201, key: "k"));
        Assert.Equal(id, Id(await _api.PostAsync("tasks", Task, 200, key: "k")));
        Assert.Equal("idempotency_mismatch",
            ApiWire.Code(await _api.PostAsync("tasks", """{"payload":1}""", 422, key: "k")));
        var outcomes = (
            await _api.PostAsync("tasks/batch",
            """{"tasks":[{"queue":"q","payload":2},{"payload":3,"colour":1},{"queue":"q","payload":4},{"queue":"q","payload":5}]}""")).GetProperty("outcomes");
        Assert.Equal([201, 400, 201, 201], outcomes.EnumerateArray()
            .Select(static outcome => outcome.GetProperty("status").GetInt32()));

        var held = await ClaimAsync(
            """{"workerId":"w","queues":["q"],"max":10,"leaseSeconds":30,"capabilities":["memory=4"]}""");
        Assert.Equal(["""{"n":1}""", "2", "4", "5"],
            held.Select(static task => task.GetProperty("payload").GetRawText()));
        await _api.PostAsync($"tasks/{id}/heartbeat",
            $$"""{{{Token(held[0])}},"progress":0.5,"checkpoint":{"row":7},"workerId":"w"}""");
        await _api.PostAsync($"tasks/{id}/complete", $$"""{{{Token(held[0])}},"result":[19,22]}""");
        await _api.PostAsync($"tasks/{id}/complete", $$"""{{{Token(held[0])}},"result":[19,22]}""");
        await _api.PostAsync($"tasks/{Id(held[1])}/fail", $$"""{{{Token(held[1])}},"error":"no","retry":false}""");
        await _api.PostAsync($"tasks/{Id(held[2])}/release", $$"""{{{Token(held[2])}}}""");
        var settled = await _api.PostAsync("tasks/settle",
            $$"""{"workerId":"w","items":[{"action":"complete","id":{{Id(held[3])}},{{Token(held[3])}},"result":1}],"claim":{"workerId":"w","queues":["q"],"wait":20} }""");
        Assert.Equal(200, settled.GetProperty("outcomes")[0].GetProperty("status").GetInt32());
        Assert.Equal(Id(held[2]), Id(Assert.Single(settled.GetProperty("tasks").EnumerateArray())));

        var record = await _api.GetAsync($"tasks/{id}?wait=20");
        Assert.Equal(("completed", "[19,22]", """{"row":7}"""),
            (State(record), record.GetProperty("result").GetRawText(), record.GetProperty("checkpoint").GetRawText()));
        var worker = Assert.Single((await _api.GetAsync("workers")).GetProperty("workers").EnumerateArray());
        Assert.Equal([Id(held[2])], worker.GetProperty("tasks").EnumerateArray()
            .Select(static task => task.GetInt64()));
    }

    [Fact]
    public async Task Tasks_AreListedCancelledAndRetried()
    {
        var (first, second) = (Id(await _api.PostAsync("tasks", """{"payload":1}""", 201)),
            Id(await _api.PostAsync("tasks", """{"payload":2,"delaySeconds":60}""", 201)));
        var page = await _api.GetAsync("tasks?state=ready&order=newest&limit=1");
        Assert.Equal(first, Id(Assert.Single(page.GetProperty("tasks").EnumerateArray())));
        Assert.Equal("cancelled", State(await _api.PostAsync($"tasks/{second}/cancel")));

        var held = Assert.Single(await ClaimAsync("""{"workerId":"w"}"""));
        await _api.PostAsync($"tasks/{first}/fail", $$"""{{{Token(held)}},"retry":false}""");
        Assert.Equal("dead", State(await _api.GetAsync($"tasks/{first}")));
        Assert.Equal("ready", State(await _api.PostAsync($"tasks/{first}/retry")));
        Assert.Equal("task_not_dead", await _api.RefusedAsync($"tasks/{first}/retry", "", 409));
        Assert.Equal("stale_lease",
            await _api.RefusedAsync($"tasks/{first}/complete",
            """{"leaseToken":"00000000000000aa","result":1}""", 409));

        var again = Assert.Single(await ClaimAsync("""{"workerId":"w"}"""));
        await _api.PostAsync($"tasks/{first}/cancel");
        Assert.Equal("task_cancelled",
            await _api.RefusedAsync($"tasks/{first}/heartbeat", $$"""{{{Token(again)}}}""", 409));
    }

    [Fact]
    public async Task Groups_TellTheirCountsAndResults_AndAreCancelled()
    {
        var group = Id(await _api.PostAsync("groups", """{"name":"run"}""", 201));
        for (var i = 1; i <= 3; i++) await _api.PostAsync("tasks", $$"""{"payload":{{i}},"group":{{group}}}""", 201);
        var held = await ClaimAsync("""{"workerId":"w","max":2}""");
        foreach (var task in held.Reverse())
        {
            await _api.PostAsync($"tasks/{Id(task)}/complete",
                $$"""{{{Token(task)}},"result":{{task.GetProperty("payload")}}}""");
        }

        var finished = await _api.LinesAsync($"groups/{group}/results");
        Assert.Equal([2, 1], finished.SkipLast(1).Select(static line => line.GetProperty("result").GetInt32()));
        Assert.False(finished[^1].GetProperty("done").GetBoolean());
        var rest = await _api.LinesAsync($"groups/{group}/results?after={finished[0].GetProperty("cursor")}");
        Assert.Equal([1], rest.SkipLast(1).Select(static line => line.GetProperty("result").GetInt32()));
        var submitted = await _api.LinesAsync($"groups/{group}/results?order=submitted");
        rest =
            await _api.LinesAsync($"groups/{group}/results?order=submitted&after={submitted[0].GetProperty("cursor")}");
        Assert.Equal([2], rest.SkipLast(1).Select(static line => line.GetProperty("result").GetInt32()));

        Assert.Equal(1, (await _api.PostAsync($"groups/{group}/cancel")).GetProperty("cancelled").GetInt32());
        var counts = (await _api.GetAsync($"groups/{group}")).GetProperty("counts");
        Assert.Equal((2, 1), (counts.GetProperty("completed").GetInt32(), counts.GetProperty("cancelled").GetInt32()));
        Assert.True((await _api.LinesAsync($"groups/{group}/results?wait=5"))[^1].GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Queues_ArePausedResumedAndPurged()
    {
        await _api.PostAsync("tasks", """{"queue":"q","payload":1}""", 201);
        Assert.True((await _api.PostAsync("queues/q/pause")).GetProperty("paused").GetBoolean());
        Assert.Empty(await ClaimAsync("""{"workerId":"w","queues":["q"]}"""));
        var queue = Assert.Single((await _api.GetAsync("queues")).GetProperty("queues").EnumerateArray());
        Assert.Equal(("q", true, 1),
            (queue.GetProperty("name").GetString(), queue.GetProperty("paused").GetBoolean(),
            queue.GetProperty("counts").GetProperty("ready").GetInt32()));
        var waiting = ClaimAsync("""{"workerId":"w","queues":["q"],"wait":20}""");
        await _api.PostAsync("queues/q/resume");
        Assert.Single(await waiting);
        await _api.PostAsync("tasks", """{"queue":"q","payload":2}""", 201);
        Assert.Equal(1, (await _api.PostAsync("queues/q/purge")).GetProperty("cancelled").GetInt32());
    }

    [Theory]
    [InlineData("\"priority\":1,\"priority\":2", "priority")]
    [InlineData("\"colour\":1", "colour")]
    [InlineData("\"queue\":7", "queue")]
    [InlineData("\"runAt\":\"2001-01-01T00:00:00Z\"", "runAt")]
    public async Task ABodyThatIsNotAsItMustBe_IsRefused_ByTheMembersName(string member, string name)
    {
        var problem = await _api.PostAsync("tasks", $$"""{"payload":1,{{member}}}""", 400);
        Assert.Equal("invalid_request", ApiWire.Code(problem));
        Assert.Contains(name, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyTooDeep_OrNotUtf8_IsRefused()
    {
        Assert.Equal("invalid_request",
            await _api.RefusedAsync("tasks", $$"""{"payload":{{new string('[', 64)}}{{new string(']', 64)}}}""", 400));
        var answer = await _coordinator.Wire.PostAsync("/api/v1/tasks", [.. "{\"payload\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Equal((400, "invalid_request"), (answer.Status, ApiWire.Code(answer.Json)));
        Assert.Empty((await _api.GetAsync("tasks")).GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task TheDescription_IsServed_WithThePageThatShowsIt()
    {
        Assert.Equal("3.1.0", (await _coordinator.Wire.GetAsync("/openapi/v1.json")).Json.GetProperty("openapi")
            .GetString());
        Assert.Contains("docs.js", (await _coordinator.Wire.GetAsync("/docs/")).Text, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<JsonElement>> ClaimAsync(string body) =>
        [.. (await _api.PostAsync("tasks/claim", body)).GetProperty("tasks").EnumerateArray()];

    private static long Id(JsonElement it) => it.GetProperty("id").GetInt64();

    private static string State(JsonElement task) => task.GetProperty("state").GetString()!;

    /// <summary>The member that proves the claim, as it goes into a body.</summary>
    private static string Token(JsonElement task) => $"\"leaseToken\":\"{task.GetProperty("leaseToken")}\"";
}
