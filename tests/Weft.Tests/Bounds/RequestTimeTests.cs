using System.Net.Sockets;
using System.Text;
using Weft.Serve;
using Weft.Tests.Access;
using Weft.Tests.Api;

namespace Weft.Tests.Bounds;

/// <summary>Modules that take longer to come or to go than one request may.</summary>
public sealed class RequestTimeTests(RequestTimeTests.Server server) : IClassFixture<RequestTimeTests.Server>
{
    // For the two chunks of one module that is read, not for those of two.
    private const int Room = 800_000;

    // More than the system buffers for a client that reads nothing.
    private const int LargeBytes = 12 << 20;

    private static readonly TimeSpan SeenMax = TimeSpan.FromMinutes(2);

    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options { get; } = new()
        {
            Access = AccessMode.Tokens,
            // No minimum rate, which would cut them off too.
            Bounds = { DataRateMin = 0, InFlightBytes = 2 * Room, InFlightBytesPerClient = Room },
        };

        /// <summary>For requests from now on.</summary>
        public void SetRequestTime(TimeSpan time) => Options.Bounds.RequestTime = time;
    }

    [Fact]
    public async Task AModuleThatComesTooSlowly_IsRefused()
    {
        var (_, token) = await server.TokenAsync("submit");
        server.SetRequestTime(TimeSpan.FromSeconds(1));
        using var client =
            await SendAsync($"PUT /api/v1/modules HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                $"{token}\r\nContent-Length: 1000\r\n\r\n\0asm");
        using var reader = new StreamReader(client.GetStream());
        using var deadline = new CancellationTokenSource(SeenMax, TimeProvider.System);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync(deadline.Token));
    }

    [Fact]
    public async Task AModuleThatIsReadTooSlowly_IsCutOff()
    {
        server.SetRequestTime(TimeSpan.FromMinutes(5));
        var (_, token) = await server.TokenAsync("work");
        var large = await server.PushAsync(server.Admin, ModuleBytes.Wasm(new byte[LargeBytes]));
        var small = await server.PushAsync(server.Admin, ModuleBytes.Wasm("small"));
        server.SetRequestTime(TimeSpan.FromSeconds(1));
        using var deaf =
            await SendAsync(
                $"GET /api/v1/modules/{large} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        var first = new byte[12];
        await deaf.GetStream().ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(first));

        using var deadline = new CancellationTokenSource(SeenMax, TimeProvider.System);
        while ((await server.GetAsync(token, $"modules/{small}")).Status == 503)
            deadline.Token.ThrowIfCancellationRequested();
    }

    private async Task<TcpClient> SendAsync(string request)
    {
        var client = new TcpClient { NoDelay = true, ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        return client;
    }
}
