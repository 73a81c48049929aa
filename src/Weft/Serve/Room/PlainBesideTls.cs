using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Serve.Room;

/// <summary>
/// Serves plain http and https on one port: the first byte of a connection tells them apart. People who type an address
/// without a scheme get to the page that explains how to trust the room's certificate, instead of an error.
/// </summary>
internal static class PlainBesideTls
{
    /// <summary>The first byte of a TLS connection: a record of the type handshake (RFC 8446, 5.1).</summary>
    private const byte Handshake = 0x16;

    /// <summary>As long as Kestrel waits for a handshake.</summary>
    private static readonly TimeSpan FirstByteMax = TimeSpan.FromSeconds(10);

    /// <param name="listen">The listener.</param>
    /// <param name="addTls">Adds TLS, which plain connections bypass.</param>
    public static void Use(ListenOptions listen, Action<ListenOptions> addTls)
    {
        ConnectionDelegate? behindTls = null;
        var time = listen.ApplicationServices.GetRequiredService<TimeProvider>();
        listen.Use(next => async connection =>
        {
            if (await IsTlsAsync(connection, time) is { } isTls) await (isTls ? next : behindTls!)(connection);
        });
        addTls(listen);
        listen.Use(next => behindTls = next);
    }

    /// <summary>Peeks at the first byte. Null: none arrived.</summary>
    private static async Task<bool?> IsTlsAsync(ConnectionContext connection, TimeProvider time)
    {
        using var late = new CancellationTokenSource(FirstByteMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(end.Token);
            if (read.Buffer.IsEmpty) return null;
            var isTls = read.Buffer.FirstSpan[0] == Handshake;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return isTls;
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
