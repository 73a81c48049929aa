using System.Text.RegularExpressions;

namespace Weft.Core.Modules.Packages;

/// <summary>
/// The name of a wheel's file, <c>idna-3.4-py3-none-any.whl</c>, which says what it is and where it runs:
/// https://packaging.python.org/en/latest/specifications/binary-distribution-format.
/// </summary>
public sealed partial class WheelName
{
    private const string AnyPlatform = "any";

    // What Pyodide's compiler makes, under its present names and that of before.
    private static readonly string[] BrowserPlatforms = ["pyodide_", "pyemscripten_", "emscripten_"];

    private readonly string[] _tags;

    private WheelName(string text, PackageVersion version, string package, string[] tags)
    {
        (Text, Version, Package, _tags) = (text, version, package, tags);
        IsPure = tags[2] == AnyPlatform;
    }

    /// <summary>The whole name.</summary>
    public string Text { get; }

    /// <summary>In the form of <see cref="Normalize"/>.</summary>
    public string Package { get; }

    public PackageVersion Version { get; }

    /// <summary>False: it has code for browsers.</summary>
    public bool IsPure { get; }

    /// <summary>
    /// All combinations of Python, ABI and platform that it names, as its file <c>WHEEL</c> lists them.
    /// </summary>
    public IEnumerable<string> Tags =>
        from python in _tags[0].Split('.')
        from abi in _tags[1].Split('.')
        from platform in _tags[2].Split('.')
        select $"{python}-{abi}-{platform}";

    /// <summary>Packages are the same whose names differ only in case, and in hyphens, dots and underscores.</summary>
    public static string Normalize(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    /// <summary>Reads a name.</summary>
    /// <param name="fault">One sentence for people, where the answer is null.</param>
    public static WheelName? TryParse(string? name, out string? fault)
    {
        fault = null;
        if (name is null || Shape().Match(name) is not { Success: true } match
            || PackageVersion.TryParse(match.Groups["version"].Value.Replace('_', '-')) is not { } version)
        {
            fault = "A wheel's name is that of its file, such as idna-3.4-py3-none-any.whl.";
            return null;
        }

        string[] tags = [match.Groups["python"].Value, match.Groups["abi"].Value, match.Groups["platform"].Value];
        if (!tags[0].Contains('3')) fault = "The wheel is for Python 2.";
        if (tags[2] != AnyPlatform && !tags[2].Split('.').All(IsForBrowsers))
        {
            fault = $"The wheel has code for {tags[2]}: workers take wheels of pure Python (…-none-any.whl), and " +
                "those that were built for Pyodide.";
        }
        return fault is null ? new(name, version, Normalize(match.Groups["package"].Value), tags) : null;
    }

    private static bool IsForBrowsers(string platform) =>
        platform.EndsWith("_wasm32", StringComparison.Ordinal)
        && Array.Exists(BrowserPlatforms, each => platform.StartsWith(each, StringComparison.Ordinal));

    [GeneratedRegex("[-_.]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Separators();

    [GeneratedRegex("""
        ^(?<package>[A-Za-z0-9]([A-Za-z0-9._]*[A-Za-z0-9])?)-(?<version>[A-Za-z0-9._!+]+)(-[0-9][A-Za-z0-9._]*)?
        -(?<python>[a-z0-9_.]+)-(?<abi>[a-z0-9_.]+)-(?<platform>[a-z0-9_.]+)\.whl\z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
