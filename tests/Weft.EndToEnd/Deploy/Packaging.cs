using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>The scripts by which <c>release.sh</c> makes packages, run as it runs them.</summary>
internal static class Packaging
{
    private const string Date = "1750000000";

    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = Command.Describe(Repository.PathOf($"packaging/{script}"), Path.GetTempPath(), arguments);
        start.Environment["SOURCE_DATE_EPOCH"] = Date;
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.True(result.ExitCode == 0, $"{script}: {result}");
        return result.Output;
    }

    public static async Task<string> AskAsync(string tool, params string[] arguments)
    {
        var result = await Command.RunAsync(Command.Describe(tool, Path.GetTempPath(), arguments), Eventually.Max);
        Assert.True(result.ExitCode == 0, $"{tool}: {result}");
        return result.Output;
    }
}
