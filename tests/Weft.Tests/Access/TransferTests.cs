using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Weft.Http.Bounds;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>Modules that come slowly, each of which holds memory meanwhile.</summary>
public sealed class TransferTests(AccessServer server) : IClassFixture<AccessServer>
{
    private static readonly byte[] Module = ModuleBytes.Wasm("pushed");

    [Fact]
    public async Task OneToken_LeavesPushesToTheOthers()
    {
        var ((_, greedy), (_, modest)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Transfers.ClientMax; i++) slow.Add(await BeginAsync(greedy, Module.AsMemory(0, 8)));
            // All have begun when there is no place any more.
            var line = "";
            for (var i = 0; i < 1_000 && !line.Contains("503", StringComparison.Ordinal); i++)
                line = await PushAsync(greedy);
            Assert.Equal("HTTP/1.1 503 Service Unavailable", line);
            Assert.StartsWith("HTTP/1.1 20", await PushAsync(modest), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var client in slow) client.Dispose();
        }
    }

    private async Task<string> PushAsync(string token)
    {
        using var client = await BeginAsync(token, Module);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    private async Task<TcpClient> BeginAsync(string token, ReadOnlyMemory<byte> begin)
    {
        var stop = TestContext.Current.CancellationToken;
        var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port, stop);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"PUT /api/v1/modules HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n" +
            $"Content-Type: application/wasm\r\nContent-Length: {Module.Length}\r\n\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), stop);
        await client.GetStream().WriteAsync(begin, stop);
        return client;
    }
}
