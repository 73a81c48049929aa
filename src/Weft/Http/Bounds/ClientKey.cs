using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weft.Core.Access;

namespace Weft.Http.Bounds;

/// <summary>
/// The client that requests are counted for. An IPv6 address counts as its /64, since a client with one address of it
/// has all 2^64. This machine's own addresses aren't counted: they are its owner's, or a proxy's that stands for many
/// clients.
/// </summary>
/// <param name="Address">0 for addresses that aren't counted.</param>
/// <param name="Token">0 for none.</param>
internal readonly record struct ClientKey(ulong Address, long Token = 0)
{
    public bool IsNobody => this == default;

    // Above all addresses that can be a source: multicast.
    private const ulong TokenBits = 0xFF00_0000_0000_0000;

    /// <summary>A unique number for each address, and for each token.</summary>
    public ulong Number => Token == 0 ? Address : TokenBits | (ulong)Token;

    /// <summary>
    /// The clients with the same token at any address; none if this client is the only one. Volunteers share a token:
    /// each has its own limit, so that one can't use up the limit of all.
    /// </summary>
    public ClientKey Sharers => Address == 0 || Token == 0 ? default : new(0, Token);

    /// <summary>The client of a request: its address and its token.</summary>
    public static ClientKey Of(HttpContext context)
    {
        var client = OfAddress(context.Connection.RemoteIpAddress);
        return context.Features.Get<Caller>()?.Token is { } token ? client with { Token = token.Id.Value } : client;
    }

    public static ClientKey OfToken(long id) => new(0, id);

    public static ClientKey OfAddress(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address)) return default;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length)) return default;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        return new(address.IsIPv4MappedToIPv6 ? BinaryPrimitives.ReadUInt32BigEndian(bytes[12..length])
            : BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
