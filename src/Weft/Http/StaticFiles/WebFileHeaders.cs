using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Weft.Http.StaticFiles;

/// <summary>The headers of a file.</summary>
internal static partial class WebFileHeaders
{
    private const string UnknownType = "application/octet-stream";
    private const string Revalidate = "no-cache";
    private const string Immutable = "public, max-age=31536000, immutable";

    private static readonly FileExtensionContentTypeProvider Types = new()
    {
        Mappings =
        {
            [".data"] = UnknownType,
            [".map"] = "application/json",
            [".mjs"] = "text/javascript",
            [".py"] = "text/x-python",
            [".wasm"] = "application/wasm",
        },
    };

    /// <summary>The media type by the name's extension; text is served as UTF-8.</summary>
    public static string ContentType(string fileName)
    {
        // Any other .ts may be a video.
        if (fileName.EndsWith(".d.ts", StringComparison.Ordinal)) return "text/plain; charset=utf-8";
        if (!Types.TryGetContentType(fileName, out var type)) return UnknownType;
        return type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
    }

    /// <summary>
    /// A strong tag: it differs when the bytes were written again, and for each coding of the same file.
    /// </summary>
    public static EntityTagHeaderValue EntityTag(DateTime lastWrite, long length, ContentCoding? coding) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{lastWrite.Ticks:x}-{length:x}{coding?.Suffix}\""));

    /// <summary>
    /// Files are revalidated by their tag at each use, except those whose name changes with their content.
    /// </summary>
    public static string CacheControl(PathString path) =>
        Fingerprinted().IsMatch(path.Value!) || Python().IsMatch(path.Value!) ? Immutable : Revalidate;

    // .NET's publish names files below _framework/ as name.hash.extension, the hash 10 characters in base 36.
    // A hash without a digit (one in 26) is only revalidated: a plain word of ten letters must never be immutable.
    [GeneratedRegex(@"/_framework/(?:.+/)?[^/]+\.(?=[a-z]*[0-9])[0-9a-z]{10}\.[0-9a-z]+(?:\.map)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Fingerprinted();

    // python/fetch.sh pins the files of each version by their hash.
    [GeneratedRegex(
        @"^/python/[0-9]+\.[0-9]+\.[0-9]+/" +
        @"(?:pyodide\.mjs|pyodide\.asm\.(?:mjs|wasm)|python_stdlib\.zip|pyodide-lock\.json)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Python();
}
