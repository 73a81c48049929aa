using System.Globalization;
using System.Text;

namespace Weft.Core.Workers;

/// <summary>
/// The rule for a name on the board: one short line that shows only itself. No character is invisible or changes how
/// others are displayed, and no stack of combining marks reaches into the lines above.
/// </summary>
public static class BoardName
{
    private const int MarksMax = 3;

    /// <summary>The rule, human-readable.</summary>
    public static readonly string Rule =
        $"name must be 1 to {Limits.BoardNameCharsMax} letters, digits, signs and single spaces, without control " +
        "characters or joiners.";

    /// <summary>The name without surrounding spaces; null: it is invalid.</summary>
    public static string? Read(string text)
    {
        var name = text.Trim(' ');
        if (name.Length is 0 or > Limits.BoardNameCharsMax) return null;
        var (marks, wasSpace, hasSign) = (0, false, false);
        foreach (var rune in name.EnumerateRunes())
        {
            var isSpace = rune.Value == ' ';
            // An unpaired surrogate, which EnumerateRunes replaces.
            if (rune == Rune.ReplacementChar || (isSpace && wasSpace)) return null;
            if (!isSpace && KindOf(rune) is var kind)
            {
                if (kind == Kind.None) return null;
                marks = kind == Kind.Mark ? marks + 1 : 0;
                if (marks > MarksMax || (marks > 0 && !hasSign)) return null;
                hasSign |= kind == Kind.Sign;
            }

            wasSpace = isSpace;
        }

        return name;
    }

    private enum Kind
    {
        None,
        Sign,
        Mark,
    }

    // Letters and signs that show nothing: fillers and blanks of Hangul, Khmer, Braille, Khitan, hieroglyphs and notes,
    // the joiner of graphemes, and what stands for an object.
    private static bool IsInvisible(Rune rune) => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800
        or 0x3164 or 0xFFA0 or 0xFFFC or 0x13441 or 0x13442 or 0x16FE4 or 0x1D159;

    private static Kind KindOf(Rune rune) => IsInvisible(rune) ? Kind.None : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            Kind.Mark,
        // Format: characters that change the direction of text or have no width. Separators: other spaces, and line
        // ends.
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator => Kind.None,
        _ => Kind.Sign,
    };
}
