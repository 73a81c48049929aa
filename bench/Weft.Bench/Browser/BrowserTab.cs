using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Weft.Bench.Browser;

/// <summary>
/// One tab, by the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/tot/Runtime/.
/// </summary>
internal sealed class BrowserTab : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly ClientWebSocket socket = new();
    private int messages;

    public static async Task<BrowserTab> ConnectAsync(string address, CancellationToken stop)
    {
        var tab = new BrowserTab();
        await tab.socket.ConnectAsync(new Uri(address), stop);
        return tab;
    }

    /// <summary>Evaluates an expression in the page.</summary>
    /// <returns>Its value as text, without quotes; empty for undefined.</returns>
    public async Task<string> EvaluateAsync(string expression, CancellationToken stop)
    {
        var id = ++messages;
        var text = JsonEncodedText.Encode(expression);
        var message =
            $$$"""{"id":{{{id}}},"method":"Runtime.evaluate","params":{"expression":"{{{text}}}","returnByValue":true}}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, stop);
        while (true)
        {
            using var answer = JsonDocument.Parse(await ReceiveAsync(stop));
            if (!answer.RootElement.TryGetProperty("id", out var answered) || answered.GetInt32() != id) continue;
            return answer.RootElement.TryGetProperty("result", out var result)
                && result.GetProperty("result").TryGetProperty("value", out var value) ? value.ToString() : "";
        }
    }

    /// <summary>Waits until an expression is true.</summary>
    /// <exception cref="InvalidOperationException">It is not, after a minute.</exception>
    public async Task WaitAsync(string expression, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        while (await EvaluateAsync($"String({expression})", stop) != "true")
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"The page did not come so far: {expression}");
            await Task.Delay(Poll, TimeProvider.System, stop);
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken stop)
    {
        using var whole = new MemoryStream();
        var piece = new byte[16 << 10];
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(piece, stop);
            whole.Write(piece, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return whole.ToArray();
    }
}
