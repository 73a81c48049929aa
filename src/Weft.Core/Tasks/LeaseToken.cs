using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Weft.Core.Tasks;

/// <summary>
/// The fencing token of one claim: 64 random bits that nobody but the claimer knows. On the wire: 16 lower-case hex digits.
/// </summary>
public readonly record struct LeaseToken(long Value)
{
    /// <summary>A fresh token from the operating system's random source.</summary>
    public static LeaseToken Create()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return new(BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    /// <summary>Reads the wire's form; false for anything but 16 hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LeaseToken token)
    {
        token = default;
        // The framework's own parser forgives trailing NULs.
        if (text.Length != 16 || text.Contains('\0') || !long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        token = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
