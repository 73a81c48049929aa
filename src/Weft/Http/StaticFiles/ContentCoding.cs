using Microsoft.Net.Http.Headers;

namespace Weft.Http.StaticFiles;

/// <summary>A compression that a file's sibling may hold: its name in HTTP and the sibling's suffix.</summary>
internal sealed record ContentCoding(string Name, string Suffix)
{
    // At equal quality, the smaller one comes first.
    private static readonly ContentCoding[] All = [new("br", ".br"), new("gzip", ".gz")];

    /// <summary>
    /// The codings that the client prefers to the plain file, best first, by RFC 9110 section 12.5.3. A client that
    /// names no coding gets none, though the RFC would allow it: such clients often can't decompress.
    /// </summary>
    public static IEnumerable<ContentCoding> Preferred(IList<StringWithQualityHeaderValue> accepted)
    {
        if (accepted.Count == 0) return [];

        var plain = Quality(accepted, "identity") ?? 0;
        return All
            .Select(coding => (Coding: coding, Quality: Quality(accepted, coding.Name) ?? Quality(accepted, "*") ?? 0))
            .Where(choice => choice.Quality > 0 && choice.Quality >= plain)
            .OrderByDescending(choice => choice.Quality)
            .Select(choice => choice.Coding);
    }

    private static double? Quality(IList<StringWithQualityHeaderValue> accepted, string name)
    {
        var value = accepted.FirstOrDefault(value => value.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
        return value is null ? null : value.Quality ?? 1;
    }
}
