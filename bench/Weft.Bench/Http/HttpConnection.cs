using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Http;

/// <summary>One keep-alive connection that carries one request at a time. Not thread-safe; only <see cref="Dispose"/>
/// may come from elsewhere, and ends a pending exchange with an exception.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[8 * 1024];

    private HttpConnection() { }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<HttpConnection> OpenAsync(IPEndPoint server, CancellationToken stop)
    {
        var connection = new HttpConnection();
        try
        {
            await connection.socket.ConnectAsync(server, stop);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends a whole request and reads the whole answer.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">What came is no answer to exactly this request.</exception>
    public async ValueTask<HttpAnswer> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;)
            sent += await socket.SendAsync(request[sent..], SocketFlags.None);

        for (var filled = 0; ;)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var count = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
            if (count == 0) throw new InvalidDataException("The server closed the connection.");
            filled += count;
            if (!HttpResponseReader.TryRead(buffer.AsSpan(0, filled), out var frame)) continue;
            if (frame.Length != filled) throw new InvalidDataException("The server sent more than it was asked for.");
            return new HttpAnswer(frame.Status, buffer.AsMemory(frame.Body));
        }
    }

    public void Dispose() => socket.Dispose();
}
