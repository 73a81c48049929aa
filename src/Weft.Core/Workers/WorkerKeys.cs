using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Weft.Core.Access;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>
/// The keys by which workers prove their identity, and the pseudonyms of their networks. A key contains its worker's
/// number and a MAC over that and the token, so that a worker which never answers anything needs no entry in the store.
/// </summary>
/// <param name="secret">The store's own secret, shared only by its coordinators.</param>
public sealed class WorkerKeys(ReadOnlyMemory<byte> secret)
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretBytes = 32;

    private const string Prefix = "wk_";
    private const int IdBytes = sizeof(long);
    private const int MacBytes = 16;
    private const int TextChars = (IdBytes + MacBytes) / 3 * 4;

    // The hashed text begins with its purpose, so that a MAC for one purpose is never valid for another.
    private const byte ForKey = 1;
    private const byte ForNetwork = 2;
    private const byte ForName = 3;

    /// <summary>A key for a new worker.</summary>
    public string Create(TokenId? token)
    {
        Span<byte> key = stackalloc byte[IdBytes + MacBytes];
        RandomNumberGenerator.Fill(key[..IdBytes]);
        // Positive: it is stored as a number.
        key[0] &= 0x7F;
        MacOf(key[..IdBytes], token).AsSpan(0, MacBytes).CopyTo(key[IdBytes..]);
        return Prefix + Base64Url.EncodeToString(key);
    }

    /// <summary>The key's worker; null: it isn't a key of this store for this token.</summary>
    public IdentityId? Read(string text, TokenId? token)
    {
        if (text.Length != Prefix.Length + TextChars || !text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        Span<byte> key = stackalloc byte[IdBytes + MacBytes];
        if (!Base64Url.TryDecodeFromChars(text.AsSpan(Prefix.Length), key, out var length) || length != key.Length)
        {
            return null;
        }

        var mac = MacOf(key[..IdBytes], token).AsSpan(0, MacBytes);
        return CryptographicOperations.FixedTimeEquals(mac, key[IdBytes..])
            ? new(BinaryPrimitives.ReadInt64BigEndian(key))
            : null;
    }

    /// <summary>
    /// The network of an address, as an irreversible pseudonym: an IPv4 address counts as its /24, an IPv6 one as its
    /// /48, since one customer has that many. Addresses of private networks and of this machine count as one network
    /// for each kind.
    /// </summary>
    public NetworkKey NetworkOf(IPAddress? address)
    {
        Span<byte> name = stackalloc byte[1 + 16];
        name[0] = ForNetwork;
        var length = Shorten(address, name[1..]);
        var hash = HMACSHA256.HashData(secret.Span, name[..(1 + length)]);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>A worker's pseudonym in receipts: eight hex digits that stay the same, and reveal nothing.</summary>
    public string NameOf(IdentityId id)
    {
        Span<byte> name = stackalloc byte[1 + IdBytes];
        name[0] = ForName;
        BinaryPrimitives.WriteInt64BigEndian(name[1..], id.Value);
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret.Span, name).AsSpan(0, 4));
    }

    /// <summary>Whether an address belongs to this machine itself.</summary>
    public static bool IsOwn(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private byte[] MacOf(ReadOnlySpan<byte> id, TokenId? token)
    {
        Span<byte> text = stackalloc byte[1 + sizeof(long) + IdBytes];
        text[0] = ForKey;
        // No token has the number -1.
        BinaryPrimitives.WriteInt64BigEndian(text[1..], token?.Value ?? -1);
        id.CopyTo(text[(1 + sizeof(long))..]);
        return HMACSHA256.HashData(secret.Span, text);
    }

    private static int Shorten(IPAddress? address, Span<byte> network)
    {
        // One byte for each kind of private network: no other pseudonym is as short.
        if (IsOwn(address)) return Whole(network, 0);
        if (address!.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _)) return Whole(network, 0);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            if (PrivateIPv4(bytes) is { } kind) return Whole(network, kind);
            bytes[..3].CopyTo(network);
            return 3;
        }

        if (address.IsIPv6UniqueLocal) return Whole(network, 6);
        if (address.IsIPv6LinkLocal || address.IsIPv6SiteLocal) return Whole(network, 7);
        bytes[..6].CopyTo(network);
        return 6;
    }

    private static byte? PrivateIPv4(ReadOnlySpan<byte> address) => (address[0], address[1]) switch
    {
        (10, _) => 1,
        (172, >= 16 and < 32) => 2,
        (192, 168) => 3,
        (169, 254) => 4,
        (100, >= 64 and < 128) => 5,
        _ => null,
    };

    private static int Whole(Span<byte> network, byte kind)
    {
        network[0] = kind;
        return 1;
    }
}
