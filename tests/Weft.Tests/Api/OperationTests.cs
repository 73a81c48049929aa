using System.Text.Json;

namespace Weft.Tests.Api;

public sealed class OperationTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Retry_OfAQueue_IsAcceptedAndEnds()
    {
        var queue = ApiServer.NewQueue();
        var ids = new[] { await DieAsync(queue), await DieAsync(queue) };
        var answer = await server.PostAsync("operations", $$$"""{"action":"retry","filter":{"queue":"{{{queue}}}"}}""");
        var started = answer.Accepted(202);
        var id = started.GetProperty("id").GetInt64();
        Assert.Equal($"/api/v1/operations/{id}", answer.Headers.Location?.ToString());
        Assert.Equal(("retry", "running", "open"),
            (Text(started, "action"), Text(started, "state"), Text(started, "actor")));
        Assert.Equal($$"""{"queue":"{{queue}}"}""", started.GetProperty("filter").GetRawText());
        Assert.False(started.TryGetProperty("finishedAt", out _));
        var done = await EndAsync(id);
        Assert.Equal(("finished", 2, 2, 0, 2), Told(done));
        Assert.EndsWith("Z", Text(done, "finishedAt"), StringComparison.Ordinal);
        foreach (var task in ids)
            Assert.Equal("ready", Text((await server.GetAsync($"tasks/{task}")).Accepted(), "state"));
        var listed =
            (await server.GetAsync("operations?limit=1000")).Accepted().GetProperty("operations").EnumerateArray();
        Assert.Equal(done.GetRawText(), listed.Single(each => each.GetProperty("id").GetInt64() == id).GetRawText());
    }

    [Fact]
    public async Task DryRun_CountsAndChangesNothing()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        await server.SubmitAsync(queue);
        var found = (await server.PostAsync(
            "operations", $$$"""{"action":"cancel","filter":{"queue":"{{{queue}}}"},"dryRun":true}""")).Accepted();
        Assert.Equal("""{"count":2,"exact":true}""", found.GetProperty("matched").GetRawText());
        Assert.Equal("ready", Text((await server.GetAsync($"tasks/{id}")).Accepted(), "state"));
        var named = (await server.PostAsync(
            "operations", $$"""{"action":"cancel","ids":[{{id}},999999999],"dryRun":true}""")).Accepted();
        Assert.Equal("""{"matched":{"count":1,"exact":true},"looked":2}""", named.GetRawText());
    }

    [Fact]
    public async Task Ids_AreMetOnce_AndWhatTheirStateForbidsIsRefused()
    {
        var queue = ApiServer.NewQueue();
        var (waiting, dead) = (await server.SubmitAsync(queue), await DieAsync(ApiServer.NewQueue()));
        var done = await RunAsync($$"""{"action":"delete","ids":[{{dead}},{{waiting}},{{dead}},999999999]}""");
        Assert.Equal(("finished", 2, 1, 1, 3), Told(done));
        Assert.Equal(3, done.GetProperty("ids").GetInt32());
        (await server.GetAsync($"tasks/{dead}")).Refused(404, "task_not_found");
        (await server.GetAsync($"tasks/{waiting}")).Accepted();
    }

    [Fact]
    public async Task Priority_DecidesWhatIsClaimedNext()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue);
        var second = await server.SubmitAsync(queue, more: ",\"type\":\"urgent\"");
        var done =
            await RunAsync(
                $$$"""{"action":"priority","priority":7,"filter":{"queue":"{{{queue}}}","type":"urgent"}}""");
        Assert.Equal((7, 1), (done.GetProperty("priority").GetInt32(), done.GetProperty("changed").GetInt32()));
        var claim = await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]}""");
        var claimed = claim.Accepted().GetProperty("tasks")[0];
        Assert.Equal(second, claimed.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Stop_OfOneThatIsOver_LeavesItAsItIs()
    {
        var done = await RunAsync($$$"""{"action":"cancel","filter":{"queue":"{{{ApiServer.NewQueue()}}}"}}""");
        var id = done.GetProperty("id").GetInt64();
        Assert.Equal(done.GetRawText(),
            (await server.PostAsync($"operations/{id}/cancel", "")).Accepted().GetRawText());
        (await server.PostAsync("operations/999999999/cancel", "")).Refused(404, "operation_not_found");
        (await server.GetAsync("operations/999999999")).Refused(404, "operation_not_found");
    }

    [Fact]
    public async Task List_GoesOnAfterACursor()
    {
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
            ids.Add((await RunAsync("""{"action":"retry","ids":[999999999]}""")).GetProperty("id").GetInt64());
        var first = (await server.GetAsync("operations?limit=2")).Accepted();
        Assert.Equal([ids[2], ids[1]], Ids(first));
        var next = (await server.GetAsync($"operations?limit=1&after={Text(first, "next")}")).Accepted();
        Assert.Equal([ids[0]], Ids(next));
    }

    [Theory]
    [InlineData("""{"filter":{}}""", "action is missing")]
    [InlineData("""{"action":"explode","filter":{}}""", "action must be")]
    [InlineData("""{"action":"retry"}""", "either a filter or ids")]
    [InlineData("""{"action":"retry","filter":{},"ids":[1]}""", "either a filter or ids")]
    [InlineData("""{"action":"retry","ids":[]}""", "at least one")]
    [InlineData("""{"action":"retry","ids":[0]}""", "whole number")]
    [InlineData("""{"action":"retry","ids":["1"]}""", "whole number")]
    [InlineData("""{"action":"retry","filter":{"order":"newest"}}""", "unknown member")]
    [InlineData("""{"action":"retry","filter":{"state":"failed"}}""", "state must be")]
    [InlineData("""{"action":"retry","filter":{"queue":"a b"}}""", "queue must")]
    [InlineData("""{"action":"retry","filter":{"priority":101}}""", "priority must")]
    [InlineData("""{"action":"retry","filter":{"submittedAfter":"soon"}}""", "submittedAfter must")]
    [InlineData("""{"action":"cancel","filter":{"finishedAfter":"2030-01-31T12:00:00Z"}}""", "unfinished")]
    [InlineData("""{"action":"priority","filter":{}}""", "The action priority requires")]
    [InlineData("""{"action":"retry","filter":{},"priority":1}""", "The action priority requires")]
    [InlineData("""{"action":"priority","filter":{},"priority":101}""", "priority must be")]
    [InlineData("""{"action":"retry","filter":{},"dryRun":1}""", "dryRun must be")]
    public async Task WhatIsNotAnOperation_IsRefused(string body, string detail)
    {
        var refused = await server.PostAsync("operations", body);
        refused.Refused(400, "invalid_request");
        Assert.Contains(detail, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreIdsThanOneOperationMayName_AreRefused() =>
        (await server.PostAsync("operations",
            $$"""{"action":"retry","ids":[{{string.Join(',', Enumerable.Range(1, 1001))}}]}"""))
            .Refused(400, "invalid_request");

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private static (string?, int, int, int, int) Told(JsonElement operation) => (
        Text(operation, "state"), operation.GetProperty("matched").GetInt32(),
        operation.GetProperty("changed").GetInt32(),
        operation.GetProperty("refused").GetInt32(), operation.GetProperty("looked").GetInt32());

    private static IEnumerable<long> Ids(JsonElement list) =>
        list.GetProperty("operations").EnumerateArray().Select(static each => each.GetProperty("id").GetInt64());

    private async Task<JsonElement> RunAsync(string body) =>
        await EndAsync((await server.PostAsync("operations", body)).Accepted(202).GetProperty("id").GetInt64());

    private async Task<JsonElement> EndAsync(long id)
    {
        for (var polls = 0; polls < 600; polls++)
        {
            var operation = (await server.GetAsync($"operations/{id}")).Accepted();
            if (Text(operation, "state") != "running") return operation;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Operation {id} does not end.");
    }

    private async Task<long> DieAsync(string queue)
    {
        await server.SubmitAsync(queue);
        var (id, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}","error":"x","retry":false}"""))
            .Accepted();
        return id;
    }
}
