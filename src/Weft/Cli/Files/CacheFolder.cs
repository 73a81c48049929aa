namespace Weft.Cli.Files;

/// <summary>
/// The folder for what a user's programs can fetch again (https://specifications.freedesktop.org/basedir-spec/).
/// Systemd names the folder of a service itself.
/// </summary>
internal static class CacheFolder
{
    public static string Path() =>
        Variable("CACHE_DIRECTORY")?.Split(':')[0]
        ?? System.IO.Path.Combine(Variable("XDG_CACHE_HOME")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "weft");

    /// <summary>Makes a folder for this user alone, unless it is there.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
