using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench.Load;

/// <summary>
/// Connections that never finish their requests, half of them in the headers and half in the body: each sends a byte
/// about every second.
/// </summary>
internal sealed class SlowClients : IAsyncDisposable
{
    private const int Shares = 10;
    private static readonly TimeSpan ShareTime = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Headers =
        Encoding.ASCII.GetBytes("GET /task/next HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    private static readonly byte[] Body =
        Encoding.ASCII.GetBytes("POST /task HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n[");
    private static readonly byte[] Byte = "1"u8.ToArray();
    private readonly List<Socket> sockets = [];
    private readonly CancellationTokenSource end = new();
    private Task trickling = Task.CompletedTask;

    private SlowClients() { }

    /// <summary>How many the server has given up on.</summary>
    public int Lost { get; private set; }

    public static async Task<SlowClients> OpenAsync(IPEndPoint server, int count, CancellationToken stop)
    {
        var clients = new SlowClients();
        try
        {
            while (clients.sockets.Count < count)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                clients.sockets.Add(socket);
                await socket.ConnectAsync(server, stop);
                await socket.SendAsync(clients.sockets.Count % 2 == 0 ? Headers : Body, stop);
            }

            clients.trickling = clients.TrickleAsync();
            return clients;
        }
        catch
        {
            await clients.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await trickling;
        sockets.ForEach(socket => socket.Dispose());
        end.Dispose();
    }

    private async Task TrickleAsync()
    {
        for (var share = 0; !end.IsCancellationRequested; share = (share + 1) % Shares)
        {
            for (var i = share; i < sockets.Count; i += Shares)
            {
                try
                {
                    if (sockets[i].Connected) await sockets[i].SendAsync(Byte, CancellationToken.None);
                }
                catch (SocketException)
                {
                    Lost++;
                }
            }

            await Task.Delay(ShareTime, TimeProvider.System, end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
