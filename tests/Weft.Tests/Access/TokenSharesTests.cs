using System.Text.Json;
using Weft.Serve;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>
/// What one submit token may use up: past its share it is told so in its own words, and nobody else is refused
/// anything.
/// </summary>
public sealed class TokenSharesTests(TokenSharesTests.Server server) : IClassFixture<TokenSharesTests.Server>
{
    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options => new()
        {
            Access = AccessMode.Tokens,
            Bounds = { TasksPerToken = 20, StoredBytesPerToken = 10_000, QueuesPerToken = 3, GroupsPerToken = 3,
                ModulesPerToken = 2 },
        };
    }

    [Fact]
    public async Task PayloadsOfCancelledTasks_StillCount()
    {
        var (_, submitter) = await server.TokenAsync("submit");
        var (_, other) = await server.TokenAsync("submit");
        var body = $$"""{"payload":"{{new string('x', 3_000)}}"}""";
        foreach (var _ in (int[])[1, 2, 3])
        {
            var id = (await server.PostAsync(submitter, "tasks", body)).Accepted(201).GetProperty("id").GetInt64();
            (await server.PostAsync(submitter, $"tasks/{id}/cancel")).Accepted();
        }

        (await server.PostAsync(submitter, "tasks", body)).Refused(409, "too_much_stored");
        var outcome = (await server.PostAsync(submitter, "tasks/batch", $$"""{"tasks":[{{body}}]}""")).Accepted()
            .GetProperty("outcomes")[0];
        Assert.Equal("too_much_stored", outcome.GetProperty("code").GetString());
        (await server.PostAsync(other, "tasks", body)).Accepted(201);
    }

    [Fact]
    public async Task Retries_FillTheRoomOfUnfinishedTasks_AndNoMore()
    {
        var ((_, submitter), (_, work)) = (await server.TokenAsync("submit"), await server.TokenAsync("work"));
        var queue = ApiServer.NewQueue();
        var ids = new List<long>();
        for (var i = 0; i < 22; i++)
        {
            ids.Add(await server.SubmitAsync(submitter, queue));
            var (id, lease) = await server.ClaimOneAsync(work, queue);
            (await server.PostAsync(work, $"tasks/{id}/fail",
                $$"""{"leaseToken":"{{lease}}","error":"no","retry":false}""")).Accepted();
        }

        foreach (var id in ids.Take(20)) (await server.PostAsync(submitter, $"tasks/{id}/retry")).Accepted();
        var refused = await server.PostAsync(submitter, $"tasks/{ids[20]}/retry");
        refused.Refused(429, "too_many_unfinished");
        Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
        (await server.PostAsync(server.Admin, $"tasks/{ids[20]}/retry")).Refused(429, "too_many_unfinished");
        (await server.PostAsync(submitter, $"tasks/{ids[0]}/cancel")).Accepted();
        (await server.PostAsync(submitter, $"tasks/{ids[20]}/retry")).Accepted();
    }

    [Fact]
    public async Task QueuesThatATokenMakes_AreItsShare_AndOthersGoOnMakingTheirs()
    {
        var ((_, submitter), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        foreach (var i in (int[])[1, 2, 3])
        {
            var id = await server.SubmitAsync(submitter, $"made-{i}");
            (await server.PostAsync(submitter, $"tasks/{id}/cancel")).Accepted();
        }

        (await server.PostAsync(submitter, "tasks", """{"queue":"made-4","payload":1}""")).Refused(409,
            "too_many_queues");
        await server.SubmitAsync(other, "made-4");
        await server.SubmitAsync(submitter, "made-4");
        await server.SubmitAsync(submitter, "default");
    }

    [Fact]
    public async Task RequirementsThatATokenMakesInASharedQueue_AreItsShare()
    {
        var ((_, submitter), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(other, queue);
        for (var i = 0; i < 16; i++)
        {
            var id = await server.SubmitAsync(submitter, queue, $",\"requires\":[\"cap{i}\"]");
            (await server.PostAsync(submitter, $"tasks/{id}/cancel")).Accepted();
        }

        (await server.PostAsync(submitter, "tasks", $$"""{"queue":"{{queue}}","payload":1,"requires":["simd"]}"""))
            .Refused(409, "too_many_requirements");
        await server.SubmitAsync(other, queue, ",\"requires\":[\"simd\"]");
    }

    [Fact]
    public async Task Groups_AreItsShare()
    {
        var ((_, submitter), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        foreach (var _ in (int[])[1, 2, 3])
            (await server.PostAsync(submitter, "groups", """{"name":"g"}""")).Accepted(201);
        (await server.PostAsync(submitter, "groups")).Refused(409, "too_many_groups");
        (await server.PostAsync(other, "groups")).Accepted(201);
    }

    [Fact]
    public async Task Modules_AreItsShare_AndItDeletesItsOwn()
    {
        var ((_, submitter), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        foreach (var name in (string[])["share 1", "share 2"])
            Assert.Equal(201, (await server.PutAsync(submitter, "modules", ModuleBytes.Wasm(name))).Status);
        (await server.PutAsync(submitter, "modules", ModuleBytes.Wasm("share 3"))).Refused(409, "too_many_modules");
        Assert.Equal(200, (await server.PutAsync(submitter, "modules", ModuleBytes.Wasm("share 1"))).Status);
        Assert.Equal(201, (await server.PutAsync(other, "modules", ModuleBytes.Wasm("share 3"))).Status);
        var first = ModuleBytes.Hash(ModuleBytes.Wasm("share 1"));
        (await server.SendAsync(other, "DELETE", $"modules/{first}")).Refused(404, "module_not_found");
        Assert.Equal(204, (await server.SendAsync(submitter, "DELETE", $"modules/{first}")).Status);
        Assert.Equal(201, (await server.PutAsync(submitter, "modules", ModuleBytes.Wasm("share 3"))).Status);
    }

    [Fact]
    public async Task Modules_AreShownToWhoPushedThem_ToWorkersByTheirHash_AndToNoCacheBetween()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var ((_, work), (_, reader)) = (await server.TokenAsync("work"), await server.TokenAsync("read"));
        var module = ModuleBytes.Wasm("ada's secret");
        var hash = ModuleBytes.Hash(module);
        Assert.Equal(201, (await server.PutAsync(ada, "modules?name=secret", module)).Status);
        Assert.Equal([hash], await ListAsync(ada));
        Assert.Empty(await ListAsync(ben));
        Assert.Contains(hash, await ListAsync(reader));
        (await server.GetAsync(work, "modules")).Refused(403, "forbidden");
        foreach (var token in (string[])[ada, work, reader, server.Admin])
        {
            var answer = await server.GetAsync(token, $"modules/{hash}");
            Assert.Equal((200, true), (answer.Status, answer.Headers.CacheControl?.Private));
        }

        (await server.GetAsync(ben, $"modules/{hash}")).Refused(404, "module_not_found");
        // Who has the bytes has the module; that somebody had it before isn't told.
        Assert.Equal(201, (await server.PutAsync(ben, "modules", module)).Status);
        Assert.Equal([hash], await ListAsync(ben));
        Assert.DoesNotContain("secret", (await server.GetAsync(ben, "modules")).Text, StringComparison.Ordinal);
    }

    private async Task<string?[]> ListAsync(string token) =>
        [.. (await server.GetAsync(token, "modules")).Accepted().GetProperty("modules").EnumerateArray()
            .Select(static (JsonElement module) => module.GetProperty("sha256").GetString())];
}
