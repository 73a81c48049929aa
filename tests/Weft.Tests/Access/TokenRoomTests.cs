using Weft.Serve;

namespace Weft.Tests.Access;

/// <summary>
/// What one token may have unfinished: past it, its submits are told to try again later, and no other token's are.
/// </summary>
public sealed class TokenRoomTests(TokenRoomTests.Server server) : IClassFixture<TokenRoomTests.Server>
{
    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options =>
            new() { Access = AccessMode.Tokens, LegacyOpen = true,
                Bounds = { TasksPerToken = 3, PayloadBytesPerToken = 100 } };
    }

    [Fact]
    public async Task ASubmit_PastTheRoom_IsToldToComeAgain_UntilATaskHasFinished()
    {
        var (_, submitter) = await server.TokenAsync("submit work");
        foreach (var _ in (int[])[1, 2, 3]) await server.SubmitAsync(submitter, "room");
        var refused = await server.PostAsync(submitter, "tasks", """{"queue":"room","payload":1}""");
        refused.Refused(429, "too_many_unfinished");
        Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());

        var (id, lease) = await server.ClaimOneAsync(submitter, "room");
        Assert.Equal(429, (await server.PostAsync(submitter, "tasks", """{"queue":"room","payload":1}""")).Status);
        (await server.PostAsync(submitter, $"tasks/{id}/complete", $$"""{"leaseToken":"{{lease}}","result":1}"""))
            .Accepted();
        await server.SubmitAsync(submitter, "room");
    }

    [Fact]
    public async Task ABatch_PastTheRoom_IsRefusedWhole()
    {
        var (_, submitter) = await server.TokenAsync("submit");
        var refused = await server.PostAsync(submitter, "tasks/batch",
            """{"tasks":[{"payload":1},{"payload":2},{"payload":3},{"payload":4}]}""");
        refused.Refused(429, "too_many_unfinished");
        Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal(0, (await server.GetAsync(submitter, "tasks")).Accepted().GetProperty("tasks").GetArrayLength());
        (await server.PostAsync(submitter, "tasks/batch", """{"tasks":[{"payload":1},{"payload":2},{"payload":3}]}"""))
            .Accepted();
    }

    [Fact]
    public async Task Payloads_CountByTheirBytes()
    {
        var (_, submitter) = await server.TokenAsync("submit");
        (await server.PostAsync(submitter, "tasks", $$"""{"payload":"{{new string('x', 98)}}"}""")).Accepted(201);
        (await server.PostAsync(submitter, "tasks", """{"payload":1}""")).Refused(429, "too_many_unfinished");
    }

    [Fact]
    public async Task ARepeatedSubmit_IsAnswered_HoweverFullTheRoomIs()
    {
        var (_, submitter) = await server.TokenAsync("submit");
        const string batch = """{"tasks":[{"payload":1},{"payload":2},{"payload":3}]}""";
        var first = await server.PostAsync(submitter, "tasks/batch", batch, key: "again");
        first.Accepted();
        (await server.PostAsync(submitter, "tasks/batch", batch, key: "again")).Accepted();
    }

    [Fact]
    public async Task OldClients_WithoutATokenShareOneRoom()
    {
        foreach (var _ in (int[])[1, 2, 3]) (await server.PostAsync(null, "/task", "1")).Accepted();
        var refused = await server.PostAsync(null, "/task", "1");
        Assert.Equal(429, refused.Status);
        Assert.StartsWith("""{"error":"Too many unfinished tasks""", refused.Text, StringComparison.Ordinal);
        Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
    }
}
