namespace Weft.Core.Tracing;

/// <summary>The texts of W3C Trace Context, Level 2.</summary>
public static class TraceText
{
    /// <summary>Version 00: version, trace, parent and flags, separated by dashes.</summary>
    public const int ParentChars = 55;

    private const int VersionChars = 2;
    private const int TraceAt = 3;
    private const int TraceChars = 32;
    private const int SpanAt = 36;
    private const int SpanChars = 16;
    private const int FlagsAt = 53;
    private const int StateMembersMax = 32;
    private const int KeyCharsMax = 256;
    private const int ValueCharsMax = 256;

    /// <summary>Whether a text is a <c>traceparent</c>; for unknown versions, only the beginning is checked.</summary>
    public static bool IsParent(ReadOnlySpan<char> text)
    {
        if (text.Length < ParentChars) return false;
        var version = text[..VersionChars];
        if (!IsHex(version) || version is "ff") return false;
        if (text.Length > ParentChars && (version is "00" || text[ParentChars] != '-')) return false;
        if (text[VersionChars] != '-' || text[SpanAt - 1] != '-' || text[FlagsAt - 1] != '-') return false;
        return IsId(text.Slice(TraceAt, TraceChars)) && IsId(text.Slice(SpanAt, SpanChars))
            && IsHex(text.Slice(FlagsAt, 2));
    }

    /// <summary>
    /// A <c>tracestate</c> of at most <see cref="Limits.TraceStateCharsMax"/>: whole members are dropped from the end.
    /// Null if nothing is left, or it isn't valid.
    /// </summary>
    public static string? CutState(string? state)
    {
        if (string.IsNullOrWhiteSpace(state)) return null;
        var members = state.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (members.Length > StateMembersMax || !Array.TrueForAll(members, IsMember)) return null;
        var (count, chars) = (0, -1);
        while (count < members.Length && chars + 1 + members[count].Length <= Limits.TraceStateCharsMax)
        {
            chars += 1 + members[count++].Length;
        }

        return count == 0 ? null : string.Join(',', members[..count]);
    }

    private static bool IsMember(string member)
    {
        var equals = member.IndexOf('=');
        return equals is > 0 and <= KeyCharsMax && IsKey(member.AsSpan(0, equals))
            && IsValue(member.AsSpan(equals + 1));
    }

    private static bool IsKey(ReadOnlySpan<char> key)
    {
        if (!char.IsAsciiLetterLower(key[0]) && !char.IsAsciiDigit(key[0])) return false;
        foreach (var each in key)
        {
            if (!char.IsAsciiLetterLower(each) && !char.IsAsciiDigit(each)
                && each is not ('_' or '-' or '*' or '/' or '@')) return false;
        }

        return true;
    }

    private static bool IsValue(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= ValueCharsMax && !value.ContainsAnyExceptInRange(' ', '~') && !value.Contains('=');

    private static bool IsId(ReadOnlySpan<char> text) => IsHex(text) && text.ContainsAnyExcept('0');

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var each in text)
        {
            if (!char.IsAsciiHexDigitLower(each)) return false;
        }

        return true;
    }
}
