using System.Text;
using Microsoft.Net.Http.Headers;

namespace Weft.Serve;

/// <summary>
/// Rejects a <c>Content-Length</c> with anything but digits. Kestrel itself accepts <c>+2</c>, which RFC 9110, section
/// 8.6, doesn't allow: a proxy that reads it differently could be made to smuggle a request. The only hook before the
/// parser is the header's text encoding, so this one decodes every other byte to <c>?</c>, and Kestrel answers 400.
/// SmugglingTests fails if the hook is no longer called.
/// </summary>
internal sealed class DigitsOnlyContentLength : Encoding
{
    private const char NoDigit = '?';
    private static readonly DigitsOnlyContentLength Instance = new();

    /// <summary>
    /// The encoding for a header's value, which Kestrel asks for by the header's name; null: the default.
    /// </summary>
    public static Encoding? Select(string header) =>
        string.Equals(header, HeaderNames.ContentLength, StringComparison.Ordinal) ? Instance : null;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        throw new NotSupportedException("Only decoding is supported.");

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <summary>Decodes as many characters as fit: Kestrel's buffer has one more than it accepts.</summary>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++) chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : NoDigit;
        return count;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
