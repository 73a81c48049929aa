using System.Text.RegularExpressions;

namespace Weft.Core.Modules.Packages;

/// <summary>
/// A requirement for a package, as written in wheels and by people: <c>requests[socks]&gt;=2; marker</c>
/// (https://packaging.python.org/en/latest/specifications/dependency-specifiers).
/// </summary>
/// <param name="Name">Normalized by <see cref="WheelName.Normalize"/>.</param>
/// <param name="Range">The acceptable versions.</param>
/// <param name="Extras">The extras of the package that are also needed.</param>
/// <param name="OfExtra">The extra that needs it; null: always needed.</param>
/// <param name="IsConditional">Whether it depends on the machine and its Python: it is included if available.</param>
public sealed partial record PackageRequirement(
    string Name, VersionRange Range, IReadOnlyList<string> Extras, string? OfExtra, bool IsConditional)
{
    /// <summary>Null: it can't be parsed.</summary>
    public static PackageRequirement? TryParse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match) return null;
        if (VersionRange.TryParse(match.Groups["range"].Value.Trim().TrimStart('(').TrimEnd(')')) is not { } range)
        {
            return null;
        }
        var extras = match.Groups["extras"].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(WheelName.Normalize).ToArray();
        var marker = match.Groups["marker"].Value;
        var extra = Extra().Match(marker);
        return new(
            WheelName.Normalize(match.Groups["name"].Value), range, extras,
            extra.Success ? WheelName.Normalize(extra.Groups["name"].Value) : null, Variable().IsMatch(marker));
    }

    public override string ToString() => $"{Name}{Range}";

    [GeneratedRegex("""
        ^\s*(?<name>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)
        \s*(\[(?<extras>[A-Za-z0-9._,\s-]*)\])?
        \s*(?<range>[(<>=!~][^;@]*)?
        (@[^;]*)?
        (;(?<marker>.*))?\z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex("""extra\s*==\s*['"](?<name>[^'"]+)['"]""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Extra();

    // Conditions in a marker other than extras.
    [GeneratedRegex("python_|os_name|platform_|sys_platform|implementation_",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
