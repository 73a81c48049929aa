using System.Text;
using Microsoft.Net.Http.Headers;

namespace Weft.Serve;

/// <summary>
/// Makes a <c>Content-Length</c> of anything but digits unreadable, so that Kestrel refuses it: by itself it takes <c>+2</c>, which
/// RFC 9110 doesn't know, and a proxy that reads it otherwise could be made to smuggle a request.
/// </summary>
internal sealed class LengthDigits : Encoding
{
    private const char NoDigit = '?';
    private static readonly LengthDigits Instance = new();

    /// <summary>For Kestrel, which asks by a header's name how to read its value; null: as always.</summary>
    public static Encoding? Select(string header) => ReferenceEquals(header, HeaderNames.ContentLength) ? Instance : null;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => throw new NotSupportedException("Lengths are only read.");

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <summary>As many characters as there is room for: Kestrel has room for one more than it takes.</summary>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++) chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : NoDigit;
        return count;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
