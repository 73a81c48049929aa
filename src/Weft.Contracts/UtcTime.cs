using System.Globalization;

namespace Weft.Contracts;

/// <summary>
/// Formats times for the API: ISO 8601 UTC to the millisecond, always of the same length, such as
/// <c>2026-11-28T15:04:05.123Z</c>.
/// </summary>
public static class UtcTime
{
    /// <summary>The length in bytes as UTF-8.</summary>
    public const int Length = 24;

    private const int RoundTripLength = 28;

    /// <summary>Writes a time, truncated to the millisecond.</summary>
    /// <param name="utf8">At least <see cref="Length"/> bytes.</param>
    public static void Write(DateTimeOffset time, Span<byte> utf8)
    {
        // The framework's fast format, which has seven fractional digits.
        Span<byte> whole = stackalloc byte[RoundTripLength];
        time.UtcDateTime.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        whole[..(Length - 1)].CopyTo(utf8);
        utf8[Length - 1] = (byte)'Z';
    }
}
