using System.Diagnostics;

namespace Weft.EndToEnd.Running;

/// <summary>
/// The published binary under test: <c>WEFT_BINARY</c>, or <c>dist/weft</c> in the repository. A missing one is a
/// failure, never a skip: otherwise a broken publish would look like a green run.
/// </summary>
internal static class WeftBinary
{
    /// <summary>How long a command that ends by itself may take, the demo included.</summary>
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);

    public static string Path { get; } = Find();

    /// <summary>
    /// Prepares a start of <c>weft</c> in <paramref name="folder"/>, where no configuration of the developer's reaches
    /// it.
    /// </summary>
    public static ProcessStartInfo Describe(string folder, params IEnumerable<string> arguments)
    {
        // A shell that runs tests in the background hands them an ignored SIGINT, which a child would keep.
        var start = Command.Describe("env", folder, ["--default-signal=INT", Path, .. arguments]);
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray()) start.Environment.Remove(name);
        return start;
    }

    /// <summary>Runs <c>weft</c> to its end.</summary>
    /// <exception cref="TimeoutException">It did not end by itself; it was killed.</exception>
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("weft-e2e-");
        try
        {
            return await Command.RunAsync(Describe(folder.FullName, arguments), RunMax);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsOurs(string name) => name.StartsWith("WEFT_", StringComparison.OrdinalIgnoreCase);

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("WEFT_BINARY");
        var path = System.IO.Path.GetFullPath(string.IsNullOrEmpty(named) ? "dist/weft" : named, Repository.Root);
        return File.Exists(path)
            ? WithoutBlanks(path)
            : throw new FileNotFoundException($"No weft binary at {path}: run ./build.sh, or set WEFT_BINARY.");
    }

    // Scripts, and systemd's units, take what is behind a blank for the next word: a checkout may be in any folder.
    private static string WithoutBlanks(string path)
    {
        if (!path.Contains(' ', StringComparison.Ordinal)) return path;
        var link = System.IO.Path.Combine(Directory.CreateTempSubdirectory("weft-binary-").FullName, "weft");
        File.CreateSymbolicLink(link, path);
        return link;
    }
}
