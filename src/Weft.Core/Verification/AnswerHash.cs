using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Weft.Core.Verification;

/// <summary>What an answer is compared by: the SHA-256 of its bytes, or of their canonical form.</summary>
public readonly record struct AnswerHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private AnswerHash(ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>Reads back what <see cref="ToArray"/> wrote; other lengths are an error.</summary>
    public static AnswerHash From(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, Bytes);
        return new(hash);
    }

    /// <summary>The SHA-256 of <paramref name="content"/>.</summary>
    public static AnswerHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(content, hash);
        return new(hash);
    }

    /// <summary>The first eight digits, for people.</summary>
    public string ShortText => $"{(uint)(_high >> 96):x8}…";

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt128BigEndian(hash, _high);
        BinaryPrimitives.WriteUInt128BigEndian(hash[16..], _low);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var hash = new byte[Bytes];
        CopyTo(hash);
        return hash;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
