using Weft.CommandLine;
using Weft.Storage;

namespace Weft.Serve;

/// <summary>
/// The file for the first tokens if stdout is not a terminal, private to its user. Printed tokens would end up in a
/// journal or a container's log, be kept, and be read by more people than an admin token should reach.
/// </summary>
internal static class FirstTokensFile
{
    private const string Name = "first-tokens.txt";

    /// <summary>
    /// In the data folder; if the data is in a database, in the user's state folder. Null: there is no such folder.
    /// </summary>
    public static string? Find(ServeOptions options)
    {
        if (options.Store is null) return Path.GetFullPath(Path.Combine(options.Data, Name));
        var folder = StateFolder.Path();
        if (!Path.IsPathFullyQualified(folder)) return null;
        try
        {
            PrivateFiles.CreateFolder(folder);
            return Path.Combine(folder, Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Adds the tokens to those in the file, which may still be another store's. A new file is written and renamed: an
    /// existing one may be a link, or be open in another process.
    /// </summary>
    /// <returns>False: the disk is full, or access was denied.</returns>
    public static bool TryWrite(string path, string text)
    {
        try
        {
            PrivateFiles.Replace(path, EarlierText(path) + text);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The file's content; empty if it is a link or another user's.</summary>
    private static string EarlierText(string path)
    {
        var isOurs = new FileInfo(path) is { Exists: true, LinkTarget: null }
            && UnixFile.Owner(path, behindLinks: false) == UnixFile.User;
        return isOurs ? File.ReadAllText(path) : "";
    }
}
