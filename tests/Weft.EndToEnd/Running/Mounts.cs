namespace Weft.EndToEnd.Running;

/// <summary>
/// Runs <c>weft</c> where something is mounted that nobody else sees, and that goes with the process.
/// </summary>
internal static class Mounts
{
    /// <param name="folder">The working folder.</param>
    /// <param name="mount">What to mount, as a shell has it.</param>
    /// <param name="arguments">Of <c>weft</c>.</param>
    public static Task<CommandResult> RunAsync(string folder, string mount, params string[] arguments)
    {
        // Who isn't root is, there.
        string[] own = Environment.IsPrivilegedProcess ? ["--mount"] : ["--mount", "--map-root-user"];
        return Command.RunAsync(
            Command.Describe("unshare", folder,
            [.. own, "sh", "-c", $"{mount} && exec \"$@\"", "sh", WeftBinary.Path, .. arguments]), Eventually.Max);
    }
}
