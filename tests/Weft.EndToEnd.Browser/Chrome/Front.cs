using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// What stands between a browser and the coordinator: it passes bytes on, and may be slow or break off with modules.
/// </summary>
internal sealed class Front : IAsyncDisposable
{
    private const int PortionBytes = 4_096;
    private const int FloodBytesMax = 256 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int upstream;
    private readonly Task accepting;
    private int cuts;

    public Front(CoordinatorProcess coordinator)
    {
        upstream = coordinator.Port;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How much of an answer with a module passes in a tenth of a second; 0: all.</summary>
    public int ModuleBytesPerTenth { get; init; }

    /// <summary>How many answers with a module are broken off in their middle.</summary>
    public int Cuts { get => cuts; init => cuts = value; }

    /// <summary>How much of a result that travels alone passes in a tenth of a second; 0: all.</summary>
    public int ResultBytesPerTenth { get; init; }

    /// <summary>Whether a result that travels alone is broken off.</summary>
    public bool BreaksResults { get; init; }

    /// <summary>Who asks for this path is cut off; null: nobody.</summary>
    public string? Blocked { get; set; }

    /// <summary>Paths, by how they begin, that are answered without an end, each as this type of content.</summary>
    public ConcurrentDictionary<string, string> Endless { get; } = [];

    /// <summary>
    /// How much the browser took of the longest answer without an end, by its path in <see cref="Endless"/>.
    /// </summary>
    public ConcurrentDictionary<string, long> Taken { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await listener.AcceptTcpClientAsync(end.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        try
        {
            using var near = client;
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, upstream, end.Token);
            await Task.WhenAny(AskAsync(near.GetStream(), far.GetStream()),
                AnswerAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone: so has the other.
        }
    }

    private async Task AskAsync(NetworkStream from, NetworkStream to)
    {
        var portion = new byte[PortionBytes];
        var isResult = false;
        while (await from.ReadAsync(portion, end.Token) is > 0 and var count)
        {
            isResult |= portion.AsSpan(0, count).IndexOf("/complete HTTP"u8) >= 0;
            if (isResult && BreaksResults) return;
            if (isResult && ResultBytesPerTenth > 0)
            {
                await Task.Delay(Pause * count / ResultBytesPerTenth, TimeProvider.System, end.Token);
            }

            if (Blocked is { } blocked && Encoding.ASCII.GetString(portion, 0, count)
                .Contains($"GET {blocked} ", StringComparison.Ordinal))
            {
                return;
            }
            if (EndlessOf(portion.AsSpan(0, count)) is ({ } path, { } type))
            {
                await FloodAsync(from, path, type);
                return;
            }
            await to.WriteAsync(portion.AsMemory(0, count), end.Token);
        }
    }

    private KeyValuePair<string, string> EndlessOf(ReadOnlySpan<byte> request)
    {
        var line = Encoding.ASCII.GetString(request[..Math.Min(request.Length, 256)]);
        return Endless.FirstOrDefault(each => line.StartsWith($"GET {each.Key}", StringComparison.Ordinal)
            || line.StartsWith($"POST {each.Key}", StringComparison.Ordinal));
    }

    // Blanks, which may stand before any JSON; after a while it only stays open.
    private async Task FloodAsync(NetworkStream to, string path, string type)
    {
        await to.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n"), end.Token);
        var blanks = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
        for (var taken = 0L; taken < FloodBytesMax; taken += blanks.Length)
        {
            await to.WriteAsync(blanks, end.Token);
            Taken.AddOrUpdate(path, taken, (_, before) => Math.Max(before, taken));
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token);
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var portion = new byte[PortionBytes];
        var isModule = false;
        while (await from.ReadAsync(portion, end.Token) is > 0 and var count)
        {
            isModule |= portion.AsSpan(0, count).IndexOf("Content-Type: application/wasm"u8) >= 0;
            if (isModule && Interlocked.Decrement(ref cuts) >= 0)
            {
                await to.WriteAsync(portion.AsMemory(0, count / 2), end.Token);
                return;
            }

            await to.WriteAsync(portion.AsMemory(0, count), end.Token);
            if (isModule && ModuleBytesPerTenth > 0)
            {
                await Task.Delay(Pause * count / ModuleBytesPerTenth, TimeProvider.System, end.Token);
            }
        }
    }
}
