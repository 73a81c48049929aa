using System.Globalization;

namespace Weft.Core.Verification;

/// <summary>
/// One spelling for each number of JSON, exactly and without binary floats: its digits without zeros at either end, and
/// the power of ten that they are multiplied by. 0.10, 1e-1 and 100E-3 are <c>1e-1</c>; -0 is <c>0</c>.
/// </summary>
internal static class CanonicalNumber
{
    // An exponent of more digits isn't computed with: such a number is only equal to itself as it is spelt.
    private const int ExponentDigitsMax = 15;

    /// <param name="text">A valid number of JSON.</param>
    public static string Of(string text)
    {
        var mantissa = text.AsSpan();
        var exponentAt = mantissa.IndexOfAny('e', 'E');
        var exponentText = exponentAt < 0 ? [] : mantissa[(exponentAt + 1)..];
        if (exponentAt >= 0) mantissa = mantissa[..exponentAt];
        var isNegative = mantissa[0] == '-';
        if (isNegative) mantissa = mantissa[1..];

        var point = mantissa.IndexOf('.');
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        var all = point < 0 ? mantissa : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        var digits = all.TrimStart('0');
        if (digits.IsEmpty) return "0";
        if (!TryExponent(exponentText, out var exponent)) return text;

        var kept = digits.TrimEnd('0');
        exponent += digits.Length - kept.Length - decimals;
        var sign = isNegative ? "-" : "";
        return exponent == 0
            ? string.Concat(sign, kept)
            : string.Concat(sign, kept, "e", exponent.ToString(CultureInfo.InvariantCulture));
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out long exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        var isNegative = text[0] == '-';
        var digits = text.TrimStart("+-").TrimStart('0');
        if (digits.IsEmpty) return true;
        if (digits.Length > ExponentDigitsMax) return false;
        exponent = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (isNegative) exponent = -exponent;
        return true;
    }
}
