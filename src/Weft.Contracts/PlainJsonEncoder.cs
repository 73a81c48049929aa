using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Weft.Contracts;

/// <summary>
/// Escapes in JSON strings only what RFC 8259 (section 7) requires: quotes, backslashes and control characters. The
/// framework's encoders turn each <c>&lt;</c> and each non-ASCII letter into six bytes, and the coordinator's limits
/// count those bytes. An unpaired surrogate becomes U+FFFD.
/// </summary>
internal sealed unsafe class PlainJsonEncoder : JavaScriptEncoder
{
    public static readonly PlainJsonEncoder Instance = new();

    private const string Escaped =
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\";

    private static readonly SearchValues<char> EscapedChars = SearchValues.Create(Escaped);
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Escaped));

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is < 0x20 or '"' or '\\' or (>= 0xD800 and <= 0xDFFF);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var chars = new ReadOnlySpan<char>(text, textLength);
        var escaped = chars.IndexOfAny(EscapedChars);
        var half = FirstHalf(escaped < 0 ? chars : chars[..escaped]);
        return half < 0 ? escaped : half;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        Utf8.IsValid(utf8Text) ? utf8Text.IndexOfAny(EscapedBytes) : base.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength,
        out int numberOfCharactersWritten)
    {
        var to = new Span<char>(buffer, bufferLength);
        var text = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < 0x20 => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        numberOfCharactersWritten = text.TryCopyTo(to) ? text.Length : 0;
        return numberOfCharactersWritten > 0;
    }

    /// <returns>The position of the first unpaired surrogate; -1 for none.</returns>
    private static int FirstHalf(ReadOnlySpan<char> chars)
    {
        for (var from = 0; ;)
        {
            var next = chars[from..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return -1;
            var at = from + next;
            if (at + 1 == chars.Length || !char.IsSurrogatePair(chars[at], chars[at + 1])) return at;
            from = at + 2;
        }
    }
}
