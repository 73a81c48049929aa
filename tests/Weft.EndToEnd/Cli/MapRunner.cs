using System.Diagnostics;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft map</c> on a test's coordinator, with a memory of its own.</summary>
internal sealed class MapRunner(CoordinatorProcess coordinator) : IDisposable
{
    private readonly DirectoryInfo state = Directory.CreateTempSubdirectory("weft-e2e-");

    public static string Numbers(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(n => $"{n}\n"));

    /// <summary>Runs it to its end.</summary>
    public Task<CommandResult> RunAsync(string input, params string[] options) => Command.RunAsync(Describe(options), Eventually.Max, input);

    public Process Start(params string[] options) => Process.Start(Describe(options))!;

    /// <summary>Runs it with a terminal as its stderr, and a file of its folder as its stdout.</summary>
    /// <returns>What the terminal got.</returns>
    public async Task<string> RunOnTerminalAsync(string input, string output)
    {
        var start = Describe([]);
        var line = $"{input} | {start.FileName} {string.Join(' ', start.ArgumentList)} > {output}";
        start.FileName = "script";
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["--quiet", "--return", "--command", line, "/dev/null"]) start.ArgumentList.Add(argument);
        start.Environment["TERM"] = "xterm";
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    /// <summary>Where it notes the run that isn't done.</summary>
    public string Journal => Assert.Single(Directory.GetFiles(PathOf("weft/map")));

    public string PathOf(string name) => Path.Combine(state.FullName, name);

    public void Dispose() => state.Delete(recursive: true);

    private ProcessStartInfo Describe(string[] options)
    {
        var start = WeftBinary.Describe(state.FullName, ["map", "--url", coordinator.Address.ToString(), .. options]);
        start.Environment["XDG_STATE_HOME"] = state.FullName;
        return start;
    }
}
