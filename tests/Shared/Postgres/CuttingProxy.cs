using System.Net;
using System.Net.Sockets;

namespace Weft.Testing.Postgres;

/// <summary>
/// Stands between the engine and its server, and cuts connections in the middle of whatever they are about.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private readonly int _target;
    private readonly Task _loop;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Cuts all connections that are open now, both ways at once.</summary>
    /// <returns>How many sockets that were.</returns>
    public int Cut()
    {
        lock (_open)
        {
            var count = _open.Count;
            foreach (var client in _open) client.Close();
            _open.Clear();
            return count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _loop;
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (; ; ) Join(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private void Join(TcpClient near)
    {
        var far = new TcpClient();
        try
        {
            far.Connect(IPAddress.Loopback, _target);
        }
        catch (SocketException)
        {
            // A server that is gone refuses; with a reset it looks the same from here.
            near.LingerState = new(true, 0);
            near.Close();
            far.Close();
            return;
        }

        lock (_open) _open.AddRange([near, far]);
        _ = PumpAsync(near, far);
        _ = PumpAsync(far, near);
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception)
            when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut: the other side ends with it.
        }

        from.Close();
        to.Close();
        lock (_open) _open.Remove(from);
    }
}
