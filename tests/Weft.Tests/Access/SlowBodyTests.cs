using System.Net.Sockets;
using System.Text;
using Weft.Serve;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>Bodies that take their time, and what counts when they are there.</summary>
public sealed class SlowBodyTests(SlowBodyTests.Server server) : IClassFixture<SlowBodyTests.Server>
{
    private const int Room = 1_000_000;
    private const int RoomOfOne = 400_000;

    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options =>
            new() { Access = AccessMode.Tokens, Bounds = { InFlightBytes = Room, InFlightBytesPerClient = RoomOfOne } };
    }

    [Theory]
    [InlineData("POST", "/api/v1/tokens", """{"scopes":["admin"],"name":"renewed"}""", 0)]
    [InlineData("POST", "/api/v1/tasks", """{"queue":"late","payload":1}""", 0)]
    [InlineData("POST", "/api/v1/tasks", """{"queue":"late","payload":1}""", 100_000)]
    [InlineData("POST", "/api/v1/tasks/batch", """{"tasks":[{"queue":"late","payload":1}]}""", 0)]
    [InlineData("POST", "/api/v1/tasks/claim", """{"workerId":"late","queues":["waiting"]}""", 0)]
    [InlineData("POST", "/api/v1/groups", """{"name":"late"}""", 0)]
    [InlineData("PUT", "/api/v1/queues/late/module",
        """{"module":"0000000000000000000000000000000000000000000000000000000000000000"}""", 0)]
    [InlineData("POST", "/task", "1", 0)]
    [InlineData("POST", "/worker/register", "{}", 0)]
    public async Task ATokenThatIsRevoked_WhileTheBodyComes_ChangesNothing(string method, string path, string body,
        int blanks)
    {
        var (id, token) = await server.TokenAsync("admin");
        await server.SubmitAsync(server.Admin, "waiting");
        var before = await StatsAsync();
        var text = new string(' ', blanks) + body;
        Assert.Equal("HTTP/1.1 401 Unauthorized",
            await SendSlowlyAsync(method, path, token, Encoding.UTF8.GetBytes(text), () => RevokeAsync(id)));

        Assert.Equal(before, await StatsAsync());
        Assert.DoesNotContain("renewed", (await server.GetAsync(server.Admin, "tokens")).Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("late", (await server.GetAsync(server.Admin, "queues")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASettle_OfATokenThatIsRevokedMeanwhile_ChangesNothing()
    {
        var (id, token) = await server.TokenAsync("submit work");
        await server.SubmitAsync(token, "settled");
        var (task, lease) = await server.ClaimOneAsync(token, "settled");
        var line = await SendSlowlyAsync("POST", $"/api/v1/tasks/{task}/complete", token,
            Encoding.UTF8.GetBytes($$"""{"leaseToken":"{{lease}}","result":1}"""), () => RevokeAsync(id));
        Assert.Equal("HTTP/1.1 401 Unauthorized", line);
        Assert.Equal("leased",
            (await server.GetAsync(server.Admin, $"tasks/{task}")).Accepted().GetProperty("state").GetString());
    }

    [Fact]
    public async Task AModule_OfATokenThatIsRevokedMeanwhile_IsNotStored()
    {
        var (id, token) = await server.TokenAsync("submit");
        var module = ModuleBytes.Wasm("late module");
        Assert.Equal("HTTP/1.1 401 Unauthorized",
            await SendSlowlyAsync("PUT", "/api/v1/modules", token, module, () => RevokeAsync(id)));
        Assert.DoesNotContain(ModuleBytes.Hash(module), (await server.GetAsync(server.Admin, "modules")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatHoldsItsShare_LeavesOthersTheirs()
    {
        var (_, greedy) = await server.TokenAsync("submit work");
        var (_, modest) = await server.TokenAsync("submit work");
        var body = Encoding.UTF8.GetBytes($$"""{"workerId":"{{new string('x', 350_000)}}"}""");
        var line = await SendSlowlyAsync("POST", "/api/v1/tasks/settle", greedy, body, async () =>
        {
            // Nothing of this is stored: a slow disk must not outlast the body's pace.
            await UntilAsync(greedy, 503);
            (await server.PostAsync(modest, "tasks", Blanks(100_000))).Refused(400, "invalid_request");
            (await server.PostAsync(modest, "tasks", Blanks(250_000))).Refused(400, "invalid_request");
        });
        Assert.Equal("HTTP/1.1 400 Bad Request", line);
        // A share is given back after the answer.
        await UntilAsync(greedy, 400);
    }

    private async Task UntilAsync(string token, int status)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while ((await server.PostAsync(token, "tasks", Blanks(100_000))).Status != status)
            deadline.Token.ThrowIfCancellationRequested();
    }

    private static string Blanks(int bytes) => new(' ', bytes);

    private async Task RevokeAsync(long id) =>
        (await server.SendAsync(server.Admin, "DELETE", $"tokens/{id}")).Accepted();

    private async Task<string> StatsAsync()
    {
        var stats = (await server.GetAsync(server.Admin, "/stats")).Json;
        return $"{stats.GetProperty("pending")} {stats.GetProperty("processing")}";
    }

    /// <summary>Sends all but the last byte, waits for what happens meanwhile, sends the last.</summary>
    /// <returns>The answer's first line.</returns>
    private async Task<string?> SendSlowlyAsync(string method, string path, string token, byte[] body,
        Func<Task> meanwhile)
    {
        var stop = TestContext.Current.CancellationToken;
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Url.Host, server.Url.Port, stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: " +
            $"localhost\r\nAuthorization: Bearer {token}\r\nExpect: 100-continue\r\nContent-Length: " +
            $"{body.Length}\r\n\r\n"), stop);
        using var reader = new StreamReader(stream);
        // It has been let in, and the body is being read.
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(stop));
        await stream.WriteAsync(body.AsMemory(0, body.Length - 1), stop);
        await meanwhile();
        await stream.WriteAsync(body.AsMemory(body.Length - 1), stop);
        Assert.Equal("", await reader.ReadLineAsync(stop));
        return await reader.ReadLineAsync(stop);
    }
}
