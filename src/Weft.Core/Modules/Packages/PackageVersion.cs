using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.Core.Modules.Packages;

/// <summary>
/// A version of a Python package: https://packaging.python.org/en/latest/specifications/version-specifiers.
/// </summary>
public sealed partial class PackageVersion
{
    /// <summary>The order by age, oldest first.</summary>
    public static readonly IComparer<PackageVersion> Order =
        Comparer<PackageVersion>.Create(static (one, other) => one.CompareTo(other));

    // A version with only .dev comes before a, b and rc; the release itself after them.
    private const int DevStage = -1;
    private const int ReleaseStage = 3;

    private readonly string _text;
    private readonly long _epoch;
    private readonly long[] _release;
    private readonly (int Stage, long Number) _pre;
    private readonly long _post;
    private readonly long _dev;

    private PackageVersion(string text, Match match)
    {
        _text = text;
        _epoch = Number(match, "epoch") ?? 0;
        _release = [.. match.Groups["release"].Value.Split('.').Select(Read)];
        _post = Number(match, "post") ?? Number(match, "implicit") ?? (match.Groups["isPost"].Success ? 0 : -1);
        _dev = match.Groups["isDev"].Success ? Number(match, "dev") ?? 0 : long.MaxValue;
        _pre = match.Groups["stage"].Success
            ? (StageOf(match.Groups["stage"].Value), Number(match, "pre") ?? 0)
            : (_dev < long.MaxValue && _post < 0 ? DevStage : ReleaseStage, 0);
        IsPreRelease = match.Groups["stage"].Success || _dev < long.MaxValue;
    }

    /// <summary>True for a version that is chosen only if it is named, or if there is no other.</summary>
    public bool IsPreRelease { get; }

    /// <summary>The release numbers.</summary>
    public IReadOnlyList<long> Release => _release;

    /// <summary>Null: it is not a version.</summary>
    public static PackageVersion? TryParse(string text) => Shape().Match(text) is { Success: true } match
        ? new(text, match)
        : null;

    /// <summary>Below 0: older than the other; 0: the same, however it is written.</summary>
    public int CompareTo(PackageVersion other)
    {
        var order = _epoch.CompareTo(other._epoch);
        for (var i = 0; order == 0 && i < Math.Max(_release.Length, other._release.Length); i++)
        {
            order = At(i).CompareTo(other.At(i));
        }

        if (order == 0) order = _pre.CompareTo(other._pre);
        if (order == 0) order = _post.CompareTo(other._post);
        return order == 0 ? _dev.CompareTo(other._dev) : order;
    }

    /// <summary>Whether it begins with these numbers; missing ones are 0.</summary>
    public bool BeginsWith(IReadOnlyList<long> numbers) => !numbers.Where((number, i) => At(i) != number).Any();

    public override string ToString() => _text;

    private long At(int i) => i < _release.Length ? _release[i] : 0;

    private static int StageOf(string word) => char.ToLowerInvariant(word[0]) switch
    {
        'a' => 0,
        'b' => 1,
        _ => 2,
    };

    private static long? Number(Match match, string group) =>
        match.Groups[group] is { Success: true, Length: > 0 } found ? Read(found.Value) : null;

    private static long Read(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex("""
        ^v?((?<epoch>[0-9]{1,9})!)?(?<release>[0-9]{1,18}(\.[0-9]{1,18}){0,15})
        ([-_.]?(?<stage>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pre>[0-9]{0,9}))?
        (-(?<implicit>[0-9]{1,9})|(?<isPost>[-_.]?(post|rev|r)[-_.]?(?<post>[0-9]{0,9})))?
        (?<isDev>[-_.]?dev[-_.]?(?<dev>[0-9]{0,9}))?
        (\+[a-z0-9]+([-_.][a-z0-9]+)*)?\z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
            | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
