using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Running;

/// <summary>A submit that the coordinator has begun to read and that is held back in the middle.</summary>
internal sealed class HeldUpload : IDisposable
{
    private const string Body = """{"held":true}""";

    private readonly TcpClient connection = new();

    private HeldUpload()
    {
    }

    /// <summary>Ends when the coordinator has asked for the body.</summary>
    public static async Task<HeldUpload> BeginAsync(Uri address)
    {
        var upload = new HeldUpload();
        await upload.connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await upload.SendAsync(
            $"POST /task HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {Body.Length}\r\nExpect: " +
            $"100-continue\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await upload.ReadLineAsync());
        await upload.ReadLineAsync();
        await upload.SendAsync(Body[..5]);
        return upload;
    }

    /// <summary>Sends the rest.</summary>
    /// <returns>The status line of the answer.</returns>
    public async Task<string> FinishAsync()
    {
        await SendAsync(Body[5..]);
        return await ReadLineAsync();
    }

    public void Dispose() => connection.Dispose();

    private async Task SendAsync(string text) =>
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    private async Task<string> ReadLineAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Max, TimeProvider.System);
        var line = new StringBuilder();
        var next = new byte[1];
        while (await connection.GetStream().ReadAsync(next, deadline.Token) == 1 && next[0] != '\n')
        {
            line.Append((char)next[0]);
        }
        return line.ToString().TrimEnd('\r');
    }
}
