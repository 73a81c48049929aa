namespace Weft.CommandLine;

/// <summary>
/// The folder for data that a user's programs keep between runs (https://specifications.freedesktop.org/basedir-spec/).
/// </summary>
internal static class StateFolder
{
    /// <summary>
    /// Relative if the user has no home: don't keep anything then. Systemd sets a service's folder itself.
    /// </summary>
    public static string Path() =>
        Variable("STATE_DIRECTORY")?.Split(':')[0]
        ?? System.IO.Path.Combine(Variable("XDG_STATE_HOME")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local",
            "state"), "weft");

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
