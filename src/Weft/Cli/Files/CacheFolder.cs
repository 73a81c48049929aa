using Weft.Storage;

namespace Weft.Cli.Files;

/// <summary>
/// The user's cache folder (https://specifications.freedesktop.org/basedir-spec/), or the one that systemd gives a
/// service.
/// </summary>
internal static class CacheFolder
{
    public static string Path() =>
        Variable("CACHE_DIRECTORY")?.Split(':')[0]
        ?? System.IO.Path.Combine(Variable("XDG_CACHE_HOME")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "weft");

    /// <summary>
    /// Creates a folder for this user alone, unless it exists. Its contents are trusted, and some are machine code: no
    /// other user may write to it.
    /// </summary>
    /// <param name="path">Creates a folder private to this user, unless it exists. Its contents are trusted, and some
    /// are machine code: no other user may write to it.</param>
    /// <exception cref="IOException">It belongs to another user, or any user may write to it.</exception>
    public static void Make(string path)
    {
        PrivateFiles.CreateFolder(path);
        if (FindFault(path) is { } fault) throw new IOException(fault);
    }

    /// <summary>Why an existing folder can't be used, as one human-readable sentence; null if it can.</summary>
    public static string? FindFault(string path)
    {
        foreach (var folder in (string[])[System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, path])
        {
            if (UnixFile.Stranger(folder) is { } owner)
                return $"{folder} belongs to another user (uid {owner}): set XDG_CACHE_HOME to a folder of your own.";
            if (UnixFile.IsWritableByAll(folder))
                return $"Any user may write to {folder}: run 'chmod o-w {folder}'.";
        }

        return null;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
