using System.Text.RegularExpressions;

namespace Weft.Core.Modules.Packages;

/// <summary>A range of versions of a package, such as <c>&gt;=1.2, &lt;3</c>; without bounds, any version.</summary>
public sealed partial class VersionRange
{
    /// <summary>Any version.</summary>
    public static readonly VersionRange Any = new("", []);

    private readonly string _text;
    private readonly (string Sign, PackageVersion Version, bool IsPrefix)[] _bounds;

    private VersionRange(string text, (string, PackageVersion, bool)[] bounds) => (_text, _bounds) = (text, bounds);

    /// <summary>Whether it names a version that is chosen only if named.</summary>
    public bool NamesPreRelease => Array.Exists(_bounds, static bound => bound.Version.IsPreRelease);

    /// <summary>Null: it can't be parsed.</summary>
    public static VersionRange? TryParse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Any;
        var bounds = new List<(string, PackageVersion, bool)>();
        foreach (var part in text.Split(','))
        {
            if (Bound().Match(part) is not { Success: true } match
                || PackageVersion.TryParse(match.Groups["version"].Value) is not { } version)
            {
                return null;
            }
            var (sign, isPrefix) = (match.Groups["sign"].Value, match.Groups["prefix"].Success);
            if (isPrefix && sign is not ("==" or "!=")) return null;
            bounds.Add((sign, version, isPrefix));
        }

        return new(text.Trim(), [.. bounds]);
    }

    /// <summary>How many bounds it has.</summary>
    public int Bounds => _bounds.Length;

    public bool Allows(PackageVersion version) => Array.TrueForAll(_bounds, bound => Allows(bound, version));

    public override string ToString() => _text;

    private static bool Allows(
        (string Sign, PackageVersion Version, bool IsPrefix) bound, PackageVersion version)
    {
        var order = version.CompareTo(bound.Version);
        return bound.Sign switch
        {
            "==" or "===" => bound.IsPrefix ? version.BeginsWith(bound.Version.Release) : order == 0,
            "!=" => bound.IsPrefix ? !version.BeginsWith(bound.Version.Release) : order != 0,
            ">=" => order >= 0,
            "<=" => order <= 0,
            ">" => order > 0,
            "<" => order < 0,
            // The same except for the last number, which may be greater.
            _ => order >= 0 && version.BeginsWith([.. bound.Version.Release.SkipLast(1)]),
        };
    }

    [GeneratedRegex(@"^\s*(?<sign>===|==|!=|~=|>=|<=|>|<)\s*(?<version>[^\s,]+?)(?<prefix>\.\*)?\s*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Bound();
}
