using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weft.Testing.Fronts;

/// <summary>A request as a <see cref="LyingFront"/> sees it: its head, and how long its body is.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its query.</param>
/// <param name="Length">Bytes of the body.</param>
internal sealed record FrontRequest(string Method, string Path, long Length)
{
    private const int HeadBytesMax = 64 << 10;

    private string Head { get; init; } = "";

    private byte[] Begun { get; init; } = [];

    /// <summary>The client sends the body only when it is asked to.</summary>
    public bool WaitsToBeAsked => Head.Contains("100-continue", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null: the client has gone.</returns>
    public static async Task<FrontRequest?> ReadAsync(Stream client, CancellationToken stop)
    {
        var bytes = new byte[HeadBytesMax];
        var length = 0;
        int end;
        while ((end = bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var count = await client.ReadAsync(bytes.AsMemory(length), stop);
            if (count == 0) return null;
            length += count;
        }

        var head = Encoding.ASCII.GetString(bytes, 0, end + 2);
        var line = head[..head.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
        return new(line[0], line[1], LengthIn(head)) { Head = head, Begun = bytes[(end + 4)..length] };
    }

    /// <summary>Reads the body, and forgets it.</summary>
    public async Task DrainAsync(Stream client, CancellationToken stop)
    {
        var buffer = new byte[64 << 10];
        for (var left = Length - Begun.Length; left > 0;)
        {
            var count = await client.ReadAsync(buffer, stop);
            if (count == 0) return;
            left -= count;
        }
    }

    /// <summary>Has the coordinator answer.</summary>
    public async Task PassOnAsync(Stream client, Uri coordinator, CancellationToken stop)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(coordinator.Host, coordinator.Port, stop);
        await using var stream = upstream.GetStream();
        var head =
            string.Concat(Head.Split("\r\n")
                .Where(static line =>
                    line.Length > 0 && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)
                        && !line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))
                        .Select(static line => line + "\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Host: {coordinator.Authority}\r\nConnection: " +
            $"close\r\n\r\n"), stop);
        await stream.WriteAsync(Begun, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = SendAsync(client, stream, over);
        try
        {
            await stream.CopyToAsync(client, over.Token);
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }
    }

    // Also when the client goes away without having all: then nobody wants the answer.
    private static async Task SendAsync(Stream client, Stream upstream, CancellationTokenSource over)
    {
        try
        {
            await client.CopyToAsync(upstream, over.Token);
            await over.CancelAsync();
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The answer is there, or nobody waits for it.
        }
    }

    private static long LengthIn(string head)
    {
        const string Name = "\r\nContent-Length:";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0
            : long.Parse(head[(at + Name.Length)..].Split('\r')[0], NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture);
    }
}
