using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.Core.Matching;

/// <summary>
/// One requirement of a task or capability of a worker: a name, with an amount if it is countable. A requirement reads
/// <c>simd</c> or <c>memory&gt;=4096</c>; a capability reads <c>simd</c> or <c>memory=8192</c>.
/// </summary>
public readonly partial record struct Label(string Name, long Amount)
{
    /// <summary>Parses a requirement; false if it isn't one.</summary>
    public static bool TryParseRequirement(string text, out Label label) => TryParse(text, ">=", out label);

    /// <summary>Parses a capability; false if it isn't one.</summary>
    public static bool TryParseCapability(string text, out Label label) => TryParse(text, "=", out label);

    private static bool TryParse(string text, string sign, out Label label)
    {
        label = default;
        if (text.Length > Limits.LabelCharsMax || Shape().Match(text) is not { Success: true } match) return false;
        if (!match.Groups["amount"].Success)
        {
            label = new(text, 0);
            return true;
        }

        if (match.Groups["sign"].Value != sign
            || !long.TryParse(match.Groups["amount"].ValueSpan, CultureInfo.InvariantCulture, out var amount))
                return false;
        label = new(match.Groups["name"].Value, amount);
        return true;
    }

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9._-]*)((?<sign>>=|=)(?<amount>[0-9]{1,18}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
