using System.Text.Json;

namespace Weft.Tests.Api;

public sealed class QueueTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Pause_HoldsTheQueueUntilResume()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue);
        Assert.Equal("""{"paused":true}""", (await server.PostAsync($"queues/{queue}/pause", "")).Text);
        Assert.True((await FindAsync(queue)).GetProperty("paused").GetBoolean());
        Assert.Equal("""{"tasks":[]}""",
            (await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]}""")).Text);
        var waiting = server.ClaimOneAsync(queue, ",\"wait\":25");
        Assert.Equal("""{"paused":false}""", (await server.PostAsync($"queues/{queue}/resume", "")).Text);
        await waiting;
    }

    [Fact]
    public async Task Purge_CallsOffWhatNobodyHas()
    {
        var queue = ApiServer.NewQueue();
        var held = await server.SubmitAsync(queue);
        await server.ClaimOneAsync(queue);
        await server.SubmitAsync(queue);
        await server.SubmitAsync(queue, more: ",\"delaySeconds\":60");
        Assert.Equal("""{"cancelled":2}""", (await server.PostAsync($"queues/{queue}/purge", "")).Text);
        Assert.Equal("leased", await server.StateAsync(held));
        Assert.Equal("""{"scheduled":0,"ready":0,"leased":1,"completed":0,"dead":0,"cancelled":2,"checking":0}""",
            (await FindAsync(queue)).GetProperty("counts").GetRawText());
    }

    [Fact]
    public async Task Queue_TellsWhetherItsWorkersMayHaveWhatIsReady()
    {
        var (queue, name) = (ApiServer.NewQueue(), $"w-{Guid.NewGuid():N}");
        await server.SubmitAsync(queue);
        await server.SubmitAsync(queue, more: ",\"requires\":[\"simd\"]");
        Assert.Equal((0, 2), await ServedAsync());
        Assert.Equal("""{"tasks":[]}""",
            (await server.PostAsync("tasks/claim",
                $$"""{"workerId":"{{name}}","queues":["{{ApiServer.NewQueue()}}"]}""")).Text);
        Assert.Equal((0, 2), await ServedAsync());
        await server.ClaimOneAsync(queue);
        Assert.Equal((1, 1), await ServedAsync());
        await server.PostAsync($"queues/{queue}/pause", "");
        (await server.PostAsync("tasks/settle",
            $$"""{"items":[],"claim":{"workerId":"{{name}}","queues":["{{queue}}"],"capabilities":["simd","memory=8192"]} }""")).Accepted();
        Assert.Equal((2, 0), await ServedAsync());

        var worker = (await server.GetAsync("workers")).Accepted().GetProperty("workers").EnumerateArray()
            .Single(worker => worker.GetProperty("id").GetString() == name);
        Assert.Equal($$"""["{{queue}}"]""", worker.GetProperty("queues").GetRawText());
        Assert.Equal("""["memory=8192","simd"]""", worker.GetProperty("capabilities").GetRawText());

        async Task<(int Workers, int Unserved)> ServedAsync()
        {
            var found = await FindAsync(queue);
            return (found.GetProperty("workers").GetInt32(), found.GetProperty("unserved").GetInt32());
        }
    }

    [Fact]
    public async Task List_OfLongRuns_ComesInPages_AndMissesNone()
    {
        var hash =
            (await server.PushAsync(ModuleBytes.Wasm("long runs"))).Accepted(201).GetProperty("sha256").GetString();
        var queues =
            Enumerable.Range(0, 8).Select(static _ => ApiServer.NewQueue()).Order(StringComparer.Ordinal).ToArray();
        // 96 KB of JSON each.
        var args = string.Join(',', Enumerable.Repeat($"\"{string.Concat(Enumerable.Repeat("\\u0001", 4_000))}\"", 4));
        foreach (var queue in queues)
            (await server.PutAsync($"queues/{queue}/module",
                $$$"""{"module":"{{{hash}}}","run":{"args":[{{{args}}}]}}""")).Accepted();
        var (seen, pages, path) = (new List<string>(), 0, "queues");
        while (true)
        {
            var answer = await server.GetAsync(path);
            var page = answer.Accepted();
            Assert.InRange(answer.Text.Length, 1, 700_000);
            foreach (var queue in page.GetProperty("queues").EnumerateArray())
            {
                seen.Add(queue.GetProperty("name").GetString()!);
                if (queues.Contains(seen[^1]))
                    Assert.Equal(4, queue.GetProperty("run").GetProperty("args").GetArrayLength());
            }

            pages++;
            if (!page.TryGetProperty("next", out var next)) break;
            path = $"queues?after={next.GetString()}";
        }

        Assert.InRange(pages, 3, int.MaxValue);
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
        Assert.Empty(queues.Except(seen));
        var one = (await server.GetAsync($"queues?after={queues[0]}&limit=1")).Accepted();
        // Other tests have queues, too.
        var second = seen[seen.IndexOf(queues[0]) + 1];
        Assert.Equal(second, Assert.Single(one.GetProperty("queues").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(second, one.GetProperty("next").GetString());
        (await server.GetAsync("queues?after=..")).Refused(400, "invalid_request");
        (await server.GetAsync("queues?limit=1001")).Refused(400, "invalid_request");
        foreach (var queue in queues) await server.DeleteAsync($"queues/{queue}/module");
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("purge")]
    public async Task Queue_WithAnImpossibleName_IsRefused(string action) =>
        Assert.Contains("queue", (await server.PostAsync($"queues/a%20b/{action}", "")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Workers_AreKnownByWhatTheyDo()
    {
        var queue = ApiServer.NewQueue();
        for (var i = 0; i < 3; i++) await server.SubmitAsync(queue);
        var tasks =
            (await server.PostAsync("tasks/claim", $$"""{"workerId":"busy","queues":["{{queue}}"],"max":3}"""))
                .Accepted().GetProperty("tasks");
        var held = tasks.EnumerateArray()
            .Select(static task =>
                $"\"id\":{task.GetProperty("id")},\"leaseToken\":\"{task.GetProperty("leaseToken")}\"").ToList();
        (await server.PostAsync("tasks/settle", $$"""
            {"workerId":"busy","items":[{"action":"complete",{{held[0]}},"result":1},
            {"action":"complete",{{held[1]}},"result":1},{"action":"fail",{{held[2]}} }]}
            """)).Accepted();
        var worker = (await server.GetAsync("workers")).Accepted().GetProperty("workers").EnumerateArray()
            .Single(static worker => worker.GetProperty("id").GetString() == "busy");
        Assert.True(worker.GetProperty("active").GetBoolean());
        Assert.Equal((3, 2, 1),
            (worker.GetProperty("claimed").GetInt32(), worker.GetProperty("completed").GetInt32(),
                worker.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task AQueue_TellsWhatIsReady_AndHowManyWorkersMayHaveIt()
    {
        var queue = ApiServer.NewQueue();
        for (var i = 0; i < 3; i++) await server.SubmitAsync(queue);
        await server.SubmitAsync(queue, more: ",\"requires\":[\"simd\",\"memory>=2\"]");
        await server.ClaimOneAsync(queue);

        var found = (await server.GetAsync($"queues/{queue}")).Accepted();

        Assert.Equal(
            """[{"requires":[],"ready":2,"workers":1},{"requires":["memory\u003E=2","simd"],"ready":1,"workers":0}]""",
            found.GetProperty("lanes").GetRawText());
        Assert.Equal((1, 1), (found.GetProperty("workers").GetInt32(), found.GetProperty("unserved").GetInt32()));
        var unknown = (await server.GetAsync($"queues/{ApiServer.NewQueue()}")).Accepted();
        Assert.Empty(unknown.GetProperty("lanes").EnumerateArray());
    }

    [Fact]
    public async Task Workers_AreListedWithWhatTheyHaveInHand()
    {
        var (queue, name) = (ApiServer.NewQueue(), $"w-{Guid.NewGuid():N}");
        for (var i = 0; i < 3; i++) await server.SubmitAsync(queue, $"{i}");
        var tasks =
            (await server.PostAsync("tasks/claim", $$"""{"workerId":"{{name}}","queues":["{{queue}}"],"max":3}"""))
                .Accepted().GetProperty("tasks").EnumerateArray().ToList();
        var (id, token) = (tasks[0].GetProperty("id").GetInt64(), tasks[0].GetProperty("leaseToken").GetString());
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":1}""")).Accepted();
        (await server.PostAsync($"tasks/{tasks[1].GetProperty("id")}/cancel", "")).Accepted();

        var worker = (await server.GetAsync("workers")).Accepted().GetProperty("workers").EnumerateArray()
            .Single(worker => worker.GetProperty("id").GetString() == name);
        Assert.Equal([tasks[2].GetProperty("id").GetInt64()],
            worker.GetProperty("tasks").EnumerateArray().Select(static task => task.GetInt64()));
    }

    private async Task<JsonElement> FindAsync(string queue) =>
        (await server.GetAsync("queues")).Accepted().GetProperty("queues").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == queue);
}
