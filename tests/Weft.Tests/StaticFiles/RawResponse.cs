using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Tests.StaticFiles;

/// <summary>An answer as it came over the socket, for requests that HttpClient would tidy up before sending.</summary>
internal sealed class RawResponse
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);

    private RawResponse(byte[] received)
    {
        var headLength = received.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(received, 0, headLength).Split("\r\n");
        Status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        foreach (var line in lines.Skip(1))
        {
            var (name, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
            headers.Add(name, value);
        }

        Body = received[(headLength + 4)..];
    }

    public int Status { get; }

    public byte[] Body { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The header's value; null without it. A header sent twice fails the parse.</summary>
    public string? this[string header] => headers.GetValueOrDefault(header);

    public static async Task<RawResponse> SendAsync(IPEndPoint server, string method, string target,
        params string[] headerLines)
    {
        using var deadline = new CancellationTokenSource(AnswerDeadline, TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(server, deadline.Token);
        await using var stream = client.GetStream();

        string[] lines = [$"{method} {target} HTTP/1.1", "Host: weft", "Connection: close", .. headerLines, "", ""];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), deadline.Token);

        using var received = new MemoryStream();
        await stream.CopyToAsync(received, deadline.Token);
        return new RawResponse(received.ToArray());
    }
}
