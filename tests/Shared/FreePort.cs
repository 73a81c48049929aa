using System.Net;
using System.Net.Sockets;

namespace Weft.Testing;

/// <summary>
/// Ports below the range that the system gives to outgoing connections, so that none of those takes a server's port
/// while it is down between two starts.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int last = Random.Shared.Next(Count);

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            if (IsFree(port)) return port;
        }
        throw new IOException("No free port.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
