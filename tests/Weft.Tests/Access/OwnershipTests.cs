using System.Text.Json;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>A submitter has its own tasks and groups, and those of others aren't there.</summary>
public sealed class OwnershipTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task Read_OfATaskOfSomebodyElse_IsAsIfItWereNotThere()
    {
        var ((_, ada), (_, ben), (_, reader)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("read"));
        var id = await server.SubmitAsync(ada, ApiServer.NewQueue());
        (await server.GetAsync(ada, $"tasks/{id}")).Accepted();
        (await server.GetAsync(reader, $"tasks/{id}")).Accepted();
        (await server.GetAsync(server.Admin, $"tasks/{id}")).Accepted();
        var refused = await server.GetAsync(ben, $"tasks/{id}");
        var missing = await server.GetAsync(ben, "tasks/999999999");
        refused.Refused(404, "task_not_found");
        Assert.Equal(missing.Text, refused.Text);
    }

    [Fact]
    public async Task TheHistoryOfATaskOfSomebodyElse_IsAsIfItWereNotThere_AndWorkersAreNoneOfASubmittersBusiness()
    {
        var ((_, ada), (_, ben), (_, reader), (_, work)) = (await server.TokenAsync("submit"),
            await server.TokenAsync("submit"), await server.TokenAsync("read"), await server.TokenAsync("work"));
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(ada, queue, ",\"requires\":[\"simd\"]");
        (await server.PostAsync(work, "tasks/claim", $$"""{"workerId":"plain","queues":["{{queue}}"]}""")).Accepted();
        foreach (var what in (string[])["attempts", "explain"])
        {
            (await server.GetAsync(ada, $"tasks/{id}/{what}")).Accepted();
            (await server.GetAsync(ben, $"tasks/{id}/{what}")).Refused(404, "task_not_found");
        }

        Assert.Equal("plain", (await ReasonAsync(reader)).GetProperty("workerId").GetString());
        var hers = await ReasonAsync(ada);
        Assert.False(hers.TryGetProperty("workerId", out _));
        Assert.Equal("simd", hers.GetProperty("missing")[0].GetString());

        async Task<JsonElement> ReasonAsync(string token) =>
            (await server.GetAsync(token, $"tasks/{id}/explain")).Accepted().GetProperty("reasons")[0];
    }

    [Fact]
    public async Task Wait_ForATaskOfSomebodyElse_IsAnsweredAtOnce()
    {
        var ((_, ada), (_, ben), (_, work)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("work"));
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(ada, queue);
        var waiting = server.GetAsync(ada, $"tasks/{id}?wait=25");
        // Held, it would only be answered after the complete below, which comes after this answer.
        (await server.GetAsync(ben, $"tasks/{id}?wait=25")).Refused(404, "task_not_found");
        var (_, lease) = await server.ClaimOneAsync(work, queue);
        (await server.PostAsync(work, $"tasks/{id}/complete", $$"""{"leaseToken":"{{lease}}","result":5}"""))
            .Accepted();
        Assert.Equal(5, (await waiting).Accepted().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Claim_OfATaskWithAModule_TellsSubmittersApart()
    {
        var ((_, ada), (_, ben), (_, work)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("work"));
        var (queue, hash) = (ApiServer.NewQueue(), await server.PushAsync(ada, ModuleBytes.Wasm("apart")));
        await server.PushAsync(ben, ModuleBytes.Wasm("apart"));
        foreach (var token in (string[])[ada, ben, ada])
            await server.SubmitAsync(token, queue, $",\"module\":\"{hash}\"");
        await server.SubmitAsync(ada, queue);
        var claim = await server.PostAsync(work, "tasks/claim",
            $$"""{"workerId":"w","queues":["{{queue}}"],"max":9,"capabilities":["wasi"]}""");
        var tasks = claim.Accepted().GetProperty("tasks").EnumerateArray().ToArray();
        var submitters = tasks[..3].Select(static task => task.GetProperty("submitter").GetString()).ToArray();
        Assert.Equal(submitters[0], submitters[2]);
        Assert.NotEqual(submitters[0], submitters[1]);
        // Who knows itself what to run runs nothing of the submitter's.
        Assert.False(tasks[3].TryGetProperty("submitter", out _));
    }

    [Fact]
    public async Task CancelAndRetry_OfATaskOfSomebodyElse_ChangeNothing()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit read"));
        var id = await server.SubmitAsync(ada, ApiServer.NewQueue());
        (await server.PostAsync(ben, $"tasks/{id}/cancel")).Refused(404, "task_not_found");
        (await server.PostAsync(ben, $"tasks/{id}/retry")).Refused(404, "task_not_found");
        Assert.Equal("ready", (await server.GetAsync(ben, $"tasks/{id}")).Accepted().GetProperty("state").GetString());
        (await server.PostAsync(ada, $"tasks/{id}/cancel")).Accepted();
    }

    [Fact]
    public async Task List_HasOnesOwn_AndAReaderSeesAll()
    {
        var ((_, ada), (_, ben), (_, reader)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("read"));
        var queue = ApiServer.NewQueue();
        var (hers, his) = (await server.SubmitAsync(ada, queue), await server.SubmitAsync(ben, queue));
        Assert.Equal([hers], await ListAsync(ada, queue));
        Assert.Equal([his], await ListAsync(ben, queue));
        Assert.Equal([hers, his], await ListAsync(reader, queue));
    }

    [Fact]
    public async Task AGroupOfSomebodyElse_IsNotThere_NorTakesTasks()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var group =
            (await server.PostAsync(ada, "groups", """{"name":"hers"}""")).Accepted(201).GetProperty("id").GetInt64();
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(ada, queue, $",\"group\":{group}");
        (await server.GetAsync(ben, $"groups/{group}")).Refused(404, "group_not_found");
        (await server.GetAsync(ben, $"groups/{group}/results")).Refused(404, "group_not_found");
        (await server.PostAsync(ben, $"groups/{group}/cancel")).Refused(404, "group_not_found");
        (await server.PostAsync(ben, $"groups/{group}/seal")).Refused(404, "group_not_found");
        (await server.PostAsync(ben, "tasks", $$"""{"queue":"{{queue}}","payload":1,"group":{{group}}}""")).Refused(404,
            "group_not_found");
        var batch =
            (await server.PostAsync(ben, "tasks/batch",
                $$"""{"tasks":[{"queue":"{{queue}}","payload":1,"group":{{group}}},{"queue":"{{queue}}","payload":2}]}""")).Accepted();
        Assert.Equal([404, 201],
            batch.GetProperty("outcomes").EnumerateArray()
                .Select(static outcome => outcome.GetProperty("status").GetInt32()));
        Assert.Equal(1,
            (await server.GetAsync(ada, $"groups/{group}")).Accepted().GetProperty("counts").GetProperty("ready")
                .GetInt64());
        Assert.Equal(1,
            (await server.PostAsync(ada, $"groups/{group}/cancel")).Accepted().GetProperty("cancelled").GetInt64());
    }

    [Fact]
    public async Task TheListOfGroups_HasOnesOwn_AndAReaderSeesAll()
    {
        var ((_, ada), (_, ben), (_, reader)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("read"));
        foreach (var (token, name) in ((string, string)[])[(ada, "a"), (ben, "b")])
            (await server.PostAsync(token, "groups", $$"""{"name":"{{name}}"}""")).Accepted(201);
        Assert.Equal(["a"], await GroupsAsync(ada));
        Assert.Equal(["b"], await GroupsAsync(ben));
        Assert.Equal(["b", "a"], (await GroupsAsync(reader)).Take(2));
    }

    [Fact]
    public async Task IdempotencyKeys_AreEachOwnersOwn()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var hers = (await server.PostAsync(ada, "tasks", """{"payload":"hers"}""", "key")).Accepted(201)
            .GetProperty("id").GetInt64();
        var his = (await server.PostAsync(ben, "tasks", """{"payload":"his"}""", "key")).Accepted(201).GetProperty("id")
            .GetInt64();
        Assert.NotEqual(hers, his);
        Assert.Equal(hers,
            (await server.PostAsync(ada, "tasks", """{"payload":"hers"}""", "key")).Accepted().GetProperty("id")
                .GetInt64());
        (await server.PostAsync(ben, "tasks", """{"payload":"hers"}""", "key")).Refused(422, "idempotency_mismatch");
    }

    [Fact]
    public async Task TheFrozenSurface_ShowsResultsToTheirSubmitter()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var id = (await server.PostAsync(ada, "/task", """{"A":"1"}""")).Accepted().GetProperty("taskId").GetInt64();
        Assert.Equal("pending",
            (await server.GetAsync(ada, $"/result/{id}")).Accepted().GetProperty("status").GetString());
        var refused = await server.GetAsync(ben, $"/result/{id}");
        Assert.Equal((404, "Task not found"), (refused.Status, refused.Json.GetProperty("error").GetString()));
    }

    private async Task<string?[]> GroupsAsync(string token) =>
        [.. (await server.GetAsync(token, "groups")).Accepted().GetProperty("groups").EnumerateArray()
            .Select(static group => group.GetProperty("name").GetString())];

    private async Task<long[]> ListAsync(string token, string queue) =>
        [.. (await server.GetAsync(token, $"tasks?queue={queue}")).Accepted().GetProperty("tasks").EnumerateArray()
            .Select(static (JsonElement task) => task.GetProperty("id").GetInt64())];
}
