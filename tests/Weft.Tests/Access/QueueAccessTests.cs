using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>A token that is bound to queues reaches no further.</summary>
public sealed class QueueAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task Claim_OfAnotherQueue_IsRefused()
    {
        var (mine, other) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        var (_, work) = await server.TokenAsync("work", mine);
        await server.SubmitAsync(server.Admin, other);
        (await server.PostAsync(work, "tasks/claim", $$"""{"workerId":"w","queues":["{{other}}"]}""")).Refused(403,
            "forbidden");
        (await server.PostAsync(work, "tasks/claim", $$"""{"workerId":"w","queues":["{{mine}}","{{other}}"]}"""))
            .Refused(403, "forbidden");
        (await server.PostAsync(work, "tasks/settle", $$$"""{"claim":{"workerId":"w","queues":["{{{other}}}"]}}"""))
            .Refused(403, "forbidden");
        await server.ClaimOneAsync(server.Admin, other);
    }

    [Fact]
    public async Task Claim_WithoutQueues_IsOfTheTokensOwn()
    {
        var queue = ApiServer.NewQueue();
        var (_, work) = await server.TokenAsync("work", queue);
        var id = await server.SubmitAsync(server.Admin, queue);
        var task =
            Assert.Single((await server.PostAsync(work, "tasks/claim", """{"workerId":"w"}""")).Accepted()
                .GetProperty("tasks").EnumerateArray());
        Assert.Equal(id, task.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Settle_OfATaskOfAnotherQueue_FindsNone_WithItsLeaseToo()
    {
        var (mine, other) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        var (_, work) = await server.TokenAsync("work", mine);
        var id = await server.SubmitAsync(server.Admin, other);
        var (_, lease) = await server.ClaimOneAsync(server.Admin, other);
        foreach (var (action, more) in new[] { ("complete", ",\"result\":1"), ("fail", ""), ("release", ""),
            ("heartbeat", "") })
        {
            (await server.PostAsync(work, $"tasks/{id}/{action}", $$"""{"leaseToken":"{{lease}}"{{more}}}"""))
                .Refused(404, "task_not_found");
            var item =
                (await server.PostAsync(work, "tasks/settle",
                    $$"""{"items":[{"action":"{{action}}","id":{{id}},"leaseToken":"{{lease}}"{{more}}}]}"""))
                    .Accepted().GetProperty("outcomes")[0];
            Assert.Equal("task_not_found", item.GetProperty("code").GetString());
        }

        Assert.Equal("leased",
            (await server.GetAsync(server.Admin, $"tasks/{id}")).Accepted().GetProperty("state").GetString());
        (await server.PostAsync(server.Admin, $"tasks/{id}/complete", $$"""{"leaseToken":"{{lease}}","result":1}"""))
            .Accepted();
    }

    [Fact]
    public async Task Submit_ToAnotherQueue_IsRefused_InABatchForThatItemAlone()
    {
        var (mine, other) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        var (_, submit) = await server.TokenAsync("submit", mine);
        await server.SubmitAsync(submit, mine);
        (await server.PostAsync(submit, "tasks", $$"""{"queue":"{{other}}","payload":1}""")).Refused(403, "forbidden");
        (await server.PostAsync(submit, "tasks", """{"payload":1}""")).Refused(403, "forbidden");
        Assert.Equal(403, (await server.PostAsync(submit, "/task", "{}")).Status);
        var batch =
            (await server.PostAsync(submit, "tasks/batch",
                $$"""{"tasks":[{"queue":"{{other}}","payload":1},{"queue":"{{mine}}","payload":1}]}""")).Accepted()
                .GetProperty("outcomes");
        Assert.Equal("forbidden", batch[0].GetProperty("code").GetString());
        Assert.Equal(201, batch[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task TheFrozenSurface_HandsOutAndTakesTheTokensQueuesAlone()
    {
        var queue = ApiServer.NewQueue();
        var (_, work) = await server.TokenAsync("work", queue);
        var theirs = (await server.PostAsync(server.Admin, "/task", "1")).Accepted().GetProperty("taskId").GetInt64();
        Assert.Equal(204, (await server.GetAsync(work, "/task/next?workerId=w")).Status);
        Assert.Equal(404, (await server.PostAsync(work, $"/task/{theirs}/result", """{"result":"1"}""")).Status);
        var mine = await server.SubmitAsync(server.Admin, queue);
        Assert.Equal(mine,
            (await server.GetAsync(work, "/task/next?workerId=w")).Accepted().GetProperty("taskId").GetInt64());
        (await server.PostAsync(work, $"/task/{mine}/result", """{"result":"1"}""")).Accepted();
    }
}
