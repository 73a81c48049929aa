using System.Text.RegularExpressions;

namespace Weft.Core.Modules.Packages;

/// <summary>
/// The name of a wheel's file, <c>idna-3.4-py3-none-any.whl</c>, with its name, version and platforms:
/// https://packaging.python.org/en/latest/specifications/binary-distribution-format.
/// </summary>
public sealed partial class WheelName
{
    private const string AnyPlatform = "any";

    // Platform tags of Pyodide's compiler: the current names and the former one.
    private static readonly string[] BrowserPlatforms = ["pyodide_", "pyemscripten_", "emscripten_"];

    private readonly string[] _tags;

    private WheelName(string text, PackageVersion version, string package, string[] tags)
    {
        (Text, Version, Package, _tags) = (text, version, package, tags);
        IsPure = tags[2] == AnyPlatform;
    }

    /// <summary>The whole name.</summary>
    public string Text { get; }

    /// <summary>Normalized by <see cref="Normalize"/>.</summary>
    public string Package { get; }

    public PackageVersion Version { get; }

    /// <summary>False: it has compiled code for browsers.</summary>
    public bool IsPure { get; }

    /// <summary>
    /// All combinations of Python, ABI and platform that it names, as its file <c>WHEEL</c> lists them.
    /// </summary>
    public IEnumerable<string> Tags =>
        from python in _tags[0].Split('.')
        from abi in _tags[1].Split('.')
        from platform in _tags[2].Split('.')
        select $"{python}-{abi}-{platform}";

    /// <summary>Names that differ only in case, hyphens, dots and underscores are the same package.</summary>
    public static string Normalize(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    /// <summary>Parses a name.</summary>
    /// <param name="fault">One human-readable sentence, if null is returned.</param>
    public static WheelName? TryParse(string? name, out string? fault)
    {
        fault = null;
        if (name is null || Shape().Match(name) is not { Success: true } match
            || PackageVersion.TryParse(match.Groups["version"].Value.Replace('_', '-')) is not { } version)
        {
            fault = "A wheel's name must be its file's name, such as idna-3.4-py3-none-any.whl.";
            return null;
        }

        string[] tags = [match.Groups["python"].Value, match.Groups["abi"].Value, match.Groups["platform"].Value];
        if (!tags[0].Contains('3')) fault = "The wheel is for Python 2.";
        if (tags[2] != AnyPlatform && !tags[2].Split('.').All(IsForBrowsers))
        {
            fault = $"The wheel has code for {tags[2]}: workers accept wheels of pure Python (…-none-any.whl), and " +
                "wheels built for Pyodide.";
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
