using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>What <c>deploy/</c> ships.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Repository.PathOf("deploy");

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Folder, path));

    /// <summary>Runs a tool on one of the files; its output where it fails.</summary>
    public static async Task AssertTakesAsync(string tool, params string[] arguments)
    {
        var result = await Command.RunAsync(Command.Describe(tool, Path.GetTempPath(), arguments), Eventually.Max);
        Assert.True(result.ExitCode == 0, $"{tool}: {result}");
    }
}
