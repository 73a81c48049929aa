using System.Globalization;
using System.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>Text of strangers, which must not steer the terminal that shows it.</summary>
internal static class Inert
{
    /// <summary>
    /// Whether a character does something else than to stand there: C0 and C1 controls, what turns the direction of
    /// writing, what ends lines for some programs, and halves of surrogate pairs where they stand alone.
    /// </summary>
    public static bool Steers(char character) =>
        char.IsControl(character) || character is '\u061C' or '\u200E' or '\u200F' or '\uFEFF'
            or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>
    /// The same with each such character as JSON writes it, <c>\u009b</c>: within a string of JSON that means the same.
    /// Tabs and line ends stay.
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
