using System.Buffers;

namespace Weft.Http.StaticFiles;

/// <summary>
/// A request's path as the names of folders and a file, none of which can lead out of the folder in which they are
/// looked up.
/// </summary>
internal sealed record WebPath(IReadOnlyList<string> Segments, bool NamesFolder)
{
    // A request line could contain thousands, and no folder of pages is that deep.
    private const int SegmentsMax = 32;

    private const string IndexFile = "index.html";

    // A backslash or a colon is only a character on Linux, but a separator or a drive on Windows: not allowed in a
    // name.
    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\:");

    /// <summary>The last name, which decides the content type.</summary>
    public string FileName => Segments[^1];

    /// <summary>The same path as a folder.</summary>
    public WebPath Index => new([.. Segments, IndexFile], NamesFolder: true);

    /// <summary>The file beside this one whose name has <paramref name="suffix"/> appended.</summary>
    public WebPath Sibling(string suffix) => this with { Segments = [.. Segments.SkipLast(1), FileName + suffix] };

    /// <summary>
    /// Parses a path that the server has percent-decoded once. It isn't decoded again, so a doubly encoded path is only
    /// an odd name. Null if a segment is empty, hidden (starts with a dot) or not a plain name, and if there are more
    /// than 32.
    /// </summary>
    public static WebPath? Parse(PathString path)
    {
        if (path.Value is not ['/', .. var relative]) return null;

        if (relative.AsSpan().Count('/') >= SegmentsMax) return null;
        string[] names = relative.Split('/');
        var namesFolder = names[^1].Length == 0;
        if (namesFolder) names[^1] = IndexFile;

        return names.All(IsPlainName) ? new(names, namesFolder) : null;
    }

    private static bool IsPlainName(string segment) =>
        segment is not ("" or ['.', ..])
        && !segment.AsSpan().ContainsAny(Separators)
        && !segment.Any(char.IsControl);
}
