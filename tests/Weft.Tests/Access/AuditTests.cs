using System.Text.Json;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>What is done by hand is noted, with who did it.</summary>
public sealed class AuditTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task WhatIsDoneByHand_IsNoted_WithItsActor()
    {
        var (adaId, ada) = await server.TokenAsync("submit");
        var queue = ApiServer.NewQueue();
        var task = await server.SubmitAsync(ada, queue);
        (await server.PostAsync(ada, $"tasks/{task}/cancel", "")).Accepted();
        (await server.PostAsync(ada, $"tasks/{task}/retry", "")).Refused(409, "task_not_dead");
        (await server.PostAsync(server.Admin, $"queues/{queue}/pause", "")).Accepted();
        (await server.PostAsync(server.Admin, $"queues/{queue}/resume", "")).Accepted();
        (await server.PostAsync(server.Admin, $"queues/{queue}/purge", "")).Accepted();
        var operation = (await server.PostAsync(ada, "operations", """{"action":"cancel","ids":[1]}""")).Accepted(202)
            .GetProperty("id").GetInt64();
        (await server.PostAsync(ada, $"operations/{operation}/cancel", "")).Accepted();
        (await server.SendAsync(server.Admin, "DELETE", $"tokens/{adaId}")).Accepted();
        Assert.Equal(
            [
                $"token.revoke {adaId}", $"operation.stop {operation}", $"operation.start {operation} cancel",
                $"queue.purge {queue} 0 cancelled", $"queue.resume {queue}", $"queue.pause {queue}",
                $"task.cancel {task}", $"token.create {adaId} submit",
            ],
            (await ListAsync("audit?limit=8")).Select(Line));
        var hers = (await ListAsync("audit?limit=1000")).Single(entry => Line(entry) == $"task.cancel {task}");
        Assert.Equal(($"token {adaId}", adaId),
            (hers.GetProperty("actor").GetString(), hers.GetProperty("tokenId").GetInt64()));
        Assert.EndsWith("Z", hers.GetProperty("at").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_GoOn_ForAdminsAlone()
    {
        for (var i = 0; i < 3; i++) (await server.PostAsync(server.Admin, $"queues/page{i}/pause", "")).Accepted();
        var first = (await server.GetAsync(server.Admin, "audit?limit=2")).Accepted();
        var next = await ListAsync($"audit?limit=1&after={first.GetProperty("next").GetString()}");
        Assert.Equal("queue.pause page0", Line(Assert.Single(next)));
        foreach (var scope in (string[])["submit", "read", "work"])
        {
            (await server.GetAsync((await server.TokenAsync(scope)).Text, "audit")).Refused(403, "forbidden");
        }
    }

    private static string Line(JsonElement entry)
    {
        var line = $"{entry.GetProperty("action").GetString()} {entry.GetProperty("subject").GetString()}";
        return entry.TryGetProperty("detail", out var detail) ? $"{line} {detail.GetString()}" : line;
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string path) =>
        [.. (await server.GetAsync(server.Admin, path)).Accepted().GetProperty("entries").EnumerateArray()];
}
