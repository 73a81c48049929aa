using System.Globalization;
using System.Text;

namespace Weft.Core.Workers;

/// <summary>
/// What may be a name on the board: one short line that says nothing but itself. No character changes how others are
/// read or is invisible, and no pile of marks reaches into the lines above.
/// </summary>
public static class BoardName
{
    private const int MarksMax = 3;

    /// <summary>The rule, for people.</summary>
    public static readonly string Rule =
        $"name must be 1 to {Limits.BoardNameCharsMax} letters, digits, signs and single spaces, without control " +
        "characters or joiners.";

    /// <summary>The name without spaces around it; null: it isn't one.</summary>
    public static string? Read(string text)
    {
        var name = text.Trim(' ');
        if (name.Length is 0 or > Limits.BoardNameCharsMax) return null;
        var (marks, wasSpace, hasSign) = (0, false, false);
        foreach (var rune in name.EnumerateRunes())
        {
            var isSpace = rune.Value == ' ';
            // Half of a pair, which EnumerateRunes replaces.
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

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            Kind.Mark,
        // Format: what turns the direction of text or has no width. Separators: other spaces, and ends of lines.
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator => Kind.None,
        _ => Kind.Sign,
    };
}
