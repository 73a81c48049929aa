using System.Text.RegularExpressions;
using Weft.Core.Access;
using Weft.Storage;

namespace Weft.Serve.Room;

/// <summary>
/// The one link by which the browsers of a room join. Its token is stored next to the first tokens' file, so that a
/// printed link still works after a restart; it can only compute.
/// </summary>
internal static partial class JoinLink
{
    private const string FileName = "join-link.txt";

    /// <summary>Where the link is stored; null: nowhere.</summary>
    public static string? FileOf(ServeOptions options) =>
        FirstTokensFile.Find(options) is { } file ? Path.Combine(Path.GetDirectoryName(file)!, FileName) : null;

    /// <summary>
    /// The token of the stored link, or the first worker's, or a new one. Null: none is needed, or there is no place to
    /// store one.
    /// </summary>
    public static async Task<string?> TokenAsync(ServeOptions options, TokenCache tokens, FirstTokens? first)
    {
        if (options.Access != AccessMode.Tokens || FileOf(options) is not { } file) return null;
        if (Kept(file) is { } kept && tokens.Find(kept)?.Has(Scope.Work) == true) return kept;
        return first?.Worker ?? (await tokens.CreateAsync(new(Scope.Work, [], "room's link")))?.Text;
    }

    /// <summary>The link, to the page that explains the certificate if it is the room's own.</summary>
    /// <param name="options">The coordinator's options.</param>
    /// <param name="url">The address it listens on.</param>
    /// <param name="token">Null: without one.</param>
    public static string Of(ServeOptions options, Uri url, string? token)
    {
        var page = options.RoomFolder is null ? $"{PublicAddress.Of(url, options)}/worker/"
            : $"{PageOf(options, url)}";
        return token is null ? page : $"{page}#token={token}";
    }

    /// <summary>Plain http: browsers that don't trust the certificate yet would show a warning instead.</summary>
    public static string PageOf(ServeOptions options, Uri url) => $"{SiteOf(options, url)}/join/";

    /// <summary>The address at which other machines reach the room without its certificate.</summary>
    public static string SiteOf(ServeOptions options, Uri url) =>
        $"http://{new Uri(PublicAddress.Of(url, options)).Host}:{url.Port}";

    /// <summary>Stores the link for the next start. False: it can't be written.</summary>
    public static bool TryKeep(string file, string link)
    {
        try
        {
            PrivateFiles.Replace(file, link + "\n");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Kept(string file)
    {
        try
        {
            return File.Exists(file) && Token().Match(File.ReadAllText(file)) is { Success: true } match ? match.Value
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("weft_[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}
