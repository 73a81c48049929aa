using System.Globalization;
using System.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>Makes untrusted text safe for a terminal.</summary>
internal static class Inert
{
    /// <summary>
    /// Whether a character controls the terminal instead of being printed: C0 and C1 controls, bidirectional controls,
    /// characters that end lines for some programs, and unpaired surrogates.
    /// </summary>
    public static bool Steers(char character) =>
        char.IsControl(character) || character is '\u061C' or '\u200E' or '\u200F' or '\uFEFF'
            or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>
    /// Replaces each such character by its JSON escape, such as <c>\u009b</c>: within a JSON string, the meaning stays
    /// the same. Tabs and line ends stay.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.Any(IsEscaped)) return text;
        var inert = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsEscaped(character)) inert.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else inert.Append(character);
        }

        return inert.ToString();
    }

    private static bool IsEscaped(char character) => Steers(character) && character is not ('\t' or '\n');
}
