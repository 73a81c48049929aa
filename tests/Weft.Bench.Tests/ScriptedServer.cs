using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Bench.Tests;

/// <summary>A server on a free port that answers each request as the script says; null closes the connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<string, string?> answer;
    private readonly Task accepting;

    public ScriptedServer(Func<string, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)listener.LocalEndpoint;

    public static string Json(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var buffer = new byte[4096];
        try
        {
            // One request fits into one segment: the clients under test send it in one piece.
            for (int count; (count = await stream.ReadAsync(buffer, stop.Token)) > 0;)
            {
                if (answer(Encoding.ASCII.GetString(buffer, 0, count)) is not { } response) return;
                await stream.WriteAsync(Encoding.ASCII.GetBytes(response), stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // The test is over, or its client went away.
        }
    }
}
