using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weft.Core.Access;

namespace Weft.Http.Bounds;

/// <summary>
/// Whom requests are counted for. An IPv6 address counts as its /64, since whoever has one has all of its 2^64 addresses.
/// This machine's own addresses count for nobody: there is one owner, or a proxy that stands for many.
/// </summary>
/// <param name="Value">Never 0 but for nobody.</param>
internal readonly record struct ClientKey(ulong Value)
{
    // Above all addresses that can be a source: multicast.
    private const ulong TokenBits = 0xFF00_0000_0000_0000;

    public bool IsNobody => Value == 0;

    /// <summary>Who makes a request: by its token where it has one, since a token may be used from anywhere.</summary>
    public static ClientKey Of(HttpContext context) =>
        context.Features.Get<Caller>()?.Token is { } token ? OfToken(token.Id.Value) : OfAddress(context.Connection.RemoteIpAddress);

    public static ClientKey OfToken(long id) => new(TokenBits | (ulong)id);

    public static ClientKey OfAddress(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address)) return default;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length)) return default;
        if (address.AddressFamily == AddressFamily.InterNetwork) return new(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        return new(address.IsIPv4MappedToIPv6 ? BinaryPrimitives.ReadUInt32BigEndian(bytes[12..length]) : BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
