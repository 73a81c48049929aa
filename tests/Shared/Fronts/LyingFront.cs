using System.Net;
using System.Net.Sockets;

namespace Weft.Testing.Fronts;

/// <summary>
/// A proxy before a coordinator that can be made to answer in its place: with a page, with half of an answer, with
/// nothing. It takes one request a connection.
/// </summary>
internal sealed class LyingFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _coordinator;
    private readonly Task _accepting;
    private CancellationTokenSource _lying = new();
    private Func<FrontRequest, FrontAnswer?> _rule = static _ => null;
    private int _lies;
    private int _requests;

    public LyingFront(Uri coordinator)
    {
        _coordinator = coordinator;
        _listener.Start();
        Url = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients find it.</summary>
    public Uri Url { get; }

    /// <summary>Requests that it answered itself.</summary>
    public int Lies => Volatile.Read(ref _lies);

    /// <summary>All requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>From now on all requests get this answer.</summary>
    public void Lie(FrontAnswer answer) => Lie(_ => answer);

    /// <summary>From now on requests get what the rule says; null: the coordinator's answer.</summary>
    public void Lie(Func<FrontRequest, FrontAnswer?> rule) => Volatile.Write(ref _rule, rule);

    /// <summary>From now on requests get the coordinator's answers. Those that were held in silence are cut.</summary>
    public async Task TellTheTruthAsync()
    {
        Lie(static _ => null);
        await Interlocked.Exchange(ref _lying, new()).CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _lying.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
        _lying.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // The test is over: a listener that was disposed between two connections says that it isn't started.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var connection = client;
            await using var stream = new NetworkStream(client);
            if (await FrontRequest.ReadAsync(stream, _end.Token) is not { } request) return;
            Interlocked.Increment(ref _requests);
            var truth = Volatile.Read(ref _lying).Token;
            if (Volatile.Read(ref _rule)(request) is not { } answer)
            {
                await request.PassOnAsync(stream, _coordinator, _end.Token);
                return;
            }

            Interlocked.Increment(ref _lies);
            if (answer.Bytes is { } bytes)
            {
                if (!request.WaitsToBeAsked) await request.DrainAsync(stream, _end.Token);
                await stream.WriteAsync(bytes, _end.Token);
                client.Shutdown(SocketShutdown.Send);
            }

            if (!answer.Ends) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, truth);
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }
}
