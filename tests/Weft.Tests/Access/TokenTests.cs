using Weft.Tests.Api;

namespace Weft.Tests.Access;

public sealed class TokenTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task Create_TellsTheTextOnce_AndListNever()
    {
        var made =
            (await server.PostAsync(server.Admin, "tokens",
                """{"scopes":["work","submit"],"queues":["a","b"],"expiresInSeconds":3600,"name":"lab <b>"}"""))
                .Accepted(201);
        var (id, text) = (made.GetProperty("id").GetInt64(), made.GetProperty("token").GetString()!);
        Assert.Matches("^weft_[A-Za-z0-9_-]{43}$", text);

        var list = await server.GetAsync(server.Admin, "tokens");
        Assert.DoesNotContain(text, list.Text, StringComparison.Ordinal);
        var listed = Assert.Single(list.Accepted().GetProperty("tokens").EnumerateArray(),
            token => token.GetProperty("id").GetInt64() == id);
        Assert.False(listed.TryGetProperty("token", out _));
        Assert.Equal("""["submit","work"]""", listed.GetProperty("scopes").GetRawText());
        Assert.Equal("""["a","b"]""", listed.GetProperty("queues").GetRawText());
        Assert.Equal("lab <b>", listed.GetProperty("name").GetString());
        Assert.InRange(listed.GetProperty("expiresAt").GetDateTimeOffset()
            - listed.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task FirstStart_MakesAnAdminAndAWorker()
    {
        (await server.GetAsync(server.Admin, "tokens")).Accepted();
        (await server.PostAsync(server.Worker, "tasks/claim", """{"workerId":"w","queues":["empty"]}""")).Accepted();
        (await server.GetAsync(server.Worker, "tokens")).Refused(403, "forbidden");
    }

    [Fact]
    public async Task Revoke_CountsAtTheNextRequest()
    {
        var (id, text) = await server.TokenAsync("read");
        (await server.GetAsync(text, "queues")).Accepted();
        Assert.Equal(id,
            (await server.SendAsync(server.Admin, "DELETE", $"tokens/{id}")).Accepted().GetProperty("revoked")
                .GetInt64());
        (await server.GetAsync(text, "queues")).Refused(401, "unauthorized");
        (await server.SendAsync(server.Admin, "DELETE", $"tokens/{id}")).Refused(404, "token_not_found");
        (await server.SendAsync(server.Admin, "DELETE", "tokens/x")).Refused(400, "invalid_request");
    }

    [Theory]
    [InlineData("tasks/claim")]
    [InlineData("tasks/settle")]
    [InlineData("/task/next")]
    public async Task Revoke_WhileARequestWaits_KeepsTheTaskFromIt(string path)
    {
        var queue = ApiServer.NewQueue();
        var (id, text) = await server.TokenAsync("work", queue);
        var claim = $$"""{"workerId":"{{queue}}","wait":25}""";
        var waiting = path.StartsWith('/') ? server.GetAsync(text, $"{path}?workerId={queue}&wait=25")
            : server.PostAsync(text, path, path == "tasks/settle" ? $$"""{"claim":{{claim}}}""" : claim);
        while (!(await server.GetAsync(server.Admin, "workers")).Text.Contains(queue, StringComparison.Ordinal))
            Assert.False(waiting.IsCompleted);
        (await server.SendAsync(server.Admin, "DELETE", $"tokens/{id}")).Accepted();
        var task = await server.SubmitAsync(server.Admin, queue);
        var answer = await waiting;
        Assert.Equal((401, "Bearer"), (answer.Status, answer.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(task, (await server.ClaimOneAsync(server.Admin, queue)).Id);
    }

    [Theory]
    [InlineData("tasks/claim")]
    [InlineData("tasks/settle")]
    [InlineData("/task/next")]
    public async Task AToken_ThatRunsOutWhileItsRequestWaits_GetsNoTask(string path)
    {
        var queue = ApiServer.NewQueue();
        var made =
            (await server.PostAsync(server.Admin, "tokens",
                $$"""{"scopes":["work"],"queues":["{{queue}}"],"expiresInSeconds":1}""")).Accepted(201);
        var text = made.GetProperty("token").GetString();
        var claim = $$"""{"workerId":"{{queue}}","wait":25}""";
        var answer = await (path.StartsWith('/') ? server.GetAsync(text, $"{path}?workerId={queue}&wait=25")
            : server.PostAsync(text, path, path == "tasks/settle" ? $$"""{"claim":{{claim}}}""" : claim));
        Assert.Equal((401, "Bearer"), (answer.Status, answer.Headers.WwwAuthenticate.ToString()));
        var task = await server.SubmitAsync(server.Admin, queue);
        Assert.Equal(task, (await server.ClaimOneAsync(server.Admin, queue)).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic {0}")]
    [InlineData("{0}")]
    [InlineData("Bearer{0}")]
    [InlineData("Bearer {0}x")]
    [InlineData("Bearer {0}, Bearer {0}")]
    public async Task AnythingElseThanOneValidToken_IsRefused(string header) =>
        Assert.Equal(401, await StatusAsync(header, "stats"));

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("Bearer   {0}")]
    public async Task TheScheme_IsReadAsHttpReadsIt(string header) =>
        Assert.Equal(200, await StatusAsync(header, "stats"));

    [Fact]
    public async Task ATokenInTheAddress_IsNoToken()
    {
        (await server.GetAsync(null, $"queues?token={server.Admin}")).Refused(401, "unauthorized");
        (await server.GetAsync(null, $"queues?access_token={server.Admin}")).Refused(401, "unauthorized");
    }

    [Fact]
    public async Task WhatIsNotThere_IsAnsweredAsEver()
    {
        (await server.GetAsync(null, "nothing")).Refused(404, "not_found");
        (await server.SendAsync(null, "DELETE", "tasks")).Refused(405, "method_not_allowed");
        Assert.Equal(200, (await server.SendAsync(null, "OPTIONS", "tasks")).Status);
        Assert.Equal(200, (await server.GetAsync(null, "/health")).Status);
        Assert.Equal(200, (await server.GetAsync(null, "/")).Status);
    }

    [Fact]
    public async Task TheFrozenSurface_RefusesInItsOwnWords()
    {
        var (_, work) = await server.TokenAsync("work");
        var nobody = await server.PostAsync(null, "/task", "{}");
        Assert.Equal((401, "application/json"), (nobody.Status, nobody.ContentHeaders.ContentType?.MediaType));
        Assert.Contains("token", nobody.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        var forbidden = await server.PostAsync(work, "/task", "{}");
        Assert.Equal(403, forbidden.Status);
        Assert.NotEmpty(forbidden.Json.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("{}", "scopes is missing")]
    [InlineData("""{"scopes":[]}""", "scopes")]
    [InlineData("""{"scopes":["root"]}""", "scopes")]
    [InlineData("""{"scopes":"work"}""", "scopes")]
    [InlineData("""{"scopes":["work"],"queues":[]}""", "queues")]
    [InlineData("""{"scopes":["work"],"queues":["a b"]}""", "queues")]
    [InlineData("""{"scopes":["work","read"],"queues":["a"]}""", "queues")]
    [InlineData("""{"scopes":["admin"],"queues":["a"]}""", "queues")]
    [InlineData("""{"scopes":["work"],"expiresInSeconds":0}""", "expiresInSeconds")]
    [InlineData("""{"scopes":["work"],"expiresInSeconds":1e9}""", "expiresInSeconds")]
    [InlineData("""{"scopes":["work"],"name":""}""", "name")]
    [InlineData("""{"scopes":["work"],"hash":""}""", "hash")]
    public async Task Create_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync(server.Admin, "tokens", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    private async Task<int> StatusAsync(string header, string path)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization",
            header.Replace("{0}", server.Admin, StringComparison.Ordinal));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
