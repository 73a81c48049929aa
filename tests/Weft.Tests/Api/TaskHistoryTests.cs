using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>The attempts of a task, and why it isn't running.</summary>
public sealed class TaskHistoryTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Attempts_TellHowEachEnded()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        Assert.Empty(await AttemptsAsync(id));
        var (_, first) = await server.ClaimOneAsync(queue);
        var running = Assert.Single(await AttemptsAsync(id));
        Assert.Equal(["attempt", "workerId", "claimedAt"],
            running.EnumerateObject().Select(static member => member.Name));
        (await server.PostAsync($"tasks/{id}/fail",
            $$"""{"leaseToken":"{{first}}","error":"no \"luck\"","retry":false}""")).Accepted();
        (await server.PostAsync($"tasks/{id}/retry", "")).Accepted();
        var (_, second) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{second}}","result":1}""")).Accepted();

        var attempts = await AttemptsAsync(id);
        Assert.Equal([(1, "w", "failed"), (2, "w", "completed")], attempts.Select(static attempt =>
            (attempt.GetProperty("attempt").GetInt32(), attempt.GetProperty("workerId").GetString()!,
                attempt.GetProperty("outcome").GetString()!)));
        Assert.Equal("no \"luck\"", attempts[0].GetProperty("error").GetString());
        Assert.Equal((await server.TaskAsync(id)).GetProperty("finishedAt").GetString(),
            attempts[1].GetProperty("endedAt").GetString());
    }

    [Fact]
    public async Task Explain_FollowsTheTask()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue, more: ",\"requires\":[\"simd\"],\"maxAttempts\":2");
        Assert.Equal(["no_worker_on_queue"], await CodesAsync(id));
        (await server.PostAsync("tasks/claim", $$"""{"workerId":"plain","queues":["{{queue}}"]}""")).Accepted();
        var lacking = Assert.Single(await ReasonsAsync(id));
        Assert.Equal(("no_capable_worker", "plain", "simd"),
            (lacking.GetProperty("code").GetString(), lacking.GetProperty("workerId").GetString(),
                lacking.GetProperty("missing")[0].GetString()));
        (await server.PostAsync($"queues/{queue}/pause", "")).Accepted();
        Assert.Equal(["paused", "no_capable_worker"], await CodesAsync(id));
        (await server.PostAsync($"queues/{queue}/resume", "")).Accepted();

        var (_, token) = await server.ClaimOneAsync(queue, ",\"capabilities\":[\"simd\"]");
        var leased = Assert.Single(await ReasonsAsync(id));
        Assert.Equal(("leased", "w"),
            (leased.GetProperty("code").GetString(), leased.GetProperty("workerId").GetString()));
        Assert.Equal((await server.TaskAsync(id)).GetProperty("leaseExpiresAt").GetString(),
            leased.GetProperty("until").GetString());
        (await server.PostAsync($"tasks/{id}/release", $$"""{"leaseToken":"{{token}}","delaySeconds":60}"""))
            .Accepted();
        Assert.Equal(["scheduled"], await CodesAsync(id));
        (await server.PostAsync($"tasks/{id}/cancel", "")).Accepted();
        Assert.Equal(["finished"], await CodesAsync(id));
    }

    [Fact]
    public async Task Explain_CountsWhatIsAhead()
    {
        var queue = ApiServer.NewQueue();
        (await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]}""")).Accepted();
        var first = await server.SubmitAsync(queue);
        var last = await server.SubmitAsync(queue);
        Assert.Equal(0, Assert.Single(await ReasonsAsync(first)).GetProperty("ahead").GetInt32());
        Assert.Equal(1, Assert.Single(await ReasonsAsync(last)).GetProperty("ahead").GetInt32());
    }

    [Theory]
    [InlineData("attempts")]
    [InlineData("explain")]
    public async Task ATaskThatIsNotThere_IsRefused(string what)
    {
        (await server.GetAsync($"tasks/999999999/{what}")).Refused(404, "task_not_found");
        (await server.GetAsync($"tasks/0/{what}")).Refused(400, "invalid_request");
    }

    private async Task<JsonElement[]> AttemptsAsync(long id) =>
        [.. (await server.GetAsync($"tasks/{id}/attempts")).Accepted().GetProperty("attempts").EnumerateArray()];

    private async Task<JsonElement[]> ReasonsAsync(long id)
    {
        var answer = (await server.GetAsync($"tasks/{id}/explain")).Accepted();
        Assert.Equal(await server.StateAsync(id), answer.GetProperty("state").GetString());
        return [.. answer.GetProperty("reasons").EnumerateArray()];
    }

    private async Task<string[]> CodesAsync(long id) =>
        [.. (await ReasonsAsync(id)).Select(static reason => reason.GetProperty("code").GetString()!)];
}
