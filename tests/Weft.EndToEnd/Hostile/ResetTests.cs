using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

public sealed class ResetTests
{
    [Fact]
    public async Task AConnectionThatBreaksInItsBody_IsNoBug_AndFillsNoLog()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        for (var i = 0; i < 200; i++) await ResetAsync(coordinator.Port);

        Assert.Equal(1, await coordinator.Wire.SubmitAsync("{}"));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("bug", coordinator.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", coordinator.Output, StringComparison.Ordinal);
    }

    private static async Task ResetAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new(enable: true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            "Content-Length: 1000\r\n\r\n{\"payload\":"), TestContext.Current.CancellationToken);
        // Until it is being read.
        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
