using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Hostile;

/// <summary>A connection on which a client may send whatever it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(2);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawConnection()
    {
    }

    public static async Task<RawConnection> OpenAsync(Uri address, int? receiveBytes = null)
    {
        var connection = new RawConnection();
        if (receiveBytes is { } bytes) connection.socket.ReceiveBufferSize = bytes;
        await connection.socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Sends a request, and one honest one after it that asks for the connection's end.</summary>
    /// <returns>All that came back until the server closed: as many status lines as there were answers.</returns>
    public static async Task<RawAnswers> ExchangeAsync(Uri address, string request, bool thenAsk = true)
    {
        using var connection = await OpenAsync(address);
        var last = thenAsk ? $"GET /health HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n" : "";
        await connection.TrySendAsync(Encoding.Latin1.GetBytes(request + last));
        return new(await connection.ReadToEndAsync());
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <summary>False: the server has closed meanwhile; what it said before can still be read.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async Task<string> ReadToEndAsync()
    {
        using var deadline = new CancellationTokenSource(Max, TimeProvider.System);
        using var text = new MemoryStream();
        var next = new byte[16 << 10];
        try
        {
            while (await socket.ReceiveAsync(next, deadline.Token) is > 0 and var count) text.Write(next, 0, count);
        }
        catch (SocketException)
        {
            // A reset ends a connection as well; what came before it counts.
        }

        return Encoding.Latin1.GetString(text.ToArray());
    }

    /// <summary>Reads up to the end of the next answer's headers.</summary>
    public async Task<string> ReadHeadersAsync()
    {
        using var deadline = new CancellationTokenSource(Max, TimeProvider.System);
        var text = new StringBuilder();
        var next = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await socket.ReceiveAsync(next, deadline.Token) == 1)
        {
            text.Append((char)next[0]);
        }
        return text.ToString();
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>What a server said on one connection.</summary>
internal sealed record RawAnswers(string Text)
{
    // An answer follows on the body of the one before, on the same line.
    public int[] Statuses { get; } =
    [
        .. Text.Split("HTTP/1.1 ").Skip(1)
            .Select(static answer => int.Parse(answer.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture)),
    ];

    public override string ToString() => Text.Length > 2_000 ? Text[..2_000] + "…" : Text;
}
