using System.Globalization;
using System.Text;

namespace Weft.Http.Api;

/// <summary>
/// Reads JSON strings that the framework's reader rejects because they escape an unpaired surrogate, which JSON's
/// grammar allows but a string can't hold.
/// </summary>
internal static class MendedText
{
    private const int HexDigits = 4;

    /// <summary>The text, with U+FFFD for each unpaired surrogate.</summary>
    /// <param name="escaped">The content between the quotes: valid JSON in valid UTF-8.</param>
    public static string Read(ReadOnlySpan<byte> escaped)
    {
        var source = Encoding.UTF8.GetString(escaped);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }

            i++;
            text.Append(Unescape(source, i));
            if (source[i] == 'u') i += HexDigits;
        }

        // The encoder writes U+FFFD for an invalid character.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static char Unescape(string source, int at) => source[at] switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => (char)ushort.Parse(source.AsSpan(at + 1, HexDigits), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture),
        var itself => itself,
    };
}
