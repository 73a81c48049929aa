using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Weft.Core.Tasks;

/// <summary>
/// The fencing token of one claim: 64 random bits known only to the claimer. On the wire: 16 lowercase hex digits.
/// </summary>
public readonly record struct LeaseToken(long Value)
{
    // The random source takes as long for eight bytes as for many: a thread also fetches those of its next claims.
    private const int FetchedBytes = 128 * sizeof(long);

    [ThreadStatic]
    private static byte[]? _fetched;

    [ThreadStatic]
    private static int _used;

    /// <summary>A fresh token from the operating system's random source.</summary>
    public static LeaseToken Create()
    {
        _fetched ??= new byte[FetchedBytes];
        if (_used % FetchedBytes == 0) RandomNumberGenerator.Fill(_fetched);
        var token = BinaryPrimitives.ReadInt64LittleEndian(_fetched.AsSpan(_used % FetchedBytes));
        _used = _used % FetchedBytes + sizeof(long);
        return new(token);
    }

    /// <summary>Parses the wire's form; false for anything but 16 hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LeaseToken token)
    {
        token = default;
        // The framework's own parser accepts trailing NULs.
        if (text.Length != 16 || text.Contains('\0')
            || !long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        token = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
