using System.Diagnostics;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft map</c> on a test's coordinator, with a memory of its own.</summary>
internal sealed class MapRunner(Uri coordinator) : IDisposable
{
    private readonly DirectoryInfo state = Directory.CreateTempSubdirectory("weft-e2e-");

    public MapRunner(CoordinatorProcess coordinator)
        : this(coordinator.Address)
    {
    }

    public static string Numbers(int first, int count) =>
        string.Concat(Enumerable.Range(first, count).Select(n => $"{n}\n"));

    /// <summary>Runs it to its end.</summary>
    public Task<CommandResult> RunAsync(string input, params string[] options) =>
        Command.RunAsync(Describe(options), Eventually.Max, input);

    public Process Start(params string[] options) => Process.Start(Describe(options))!;

    /// <summary>Runs a pipeline on a terminal, with <c>$MAP</c> for the command.</summary>
    /// <returns>What somebody saw who sat before it.</returns>
    public async Task<TerminalScreen> RunOnTerminalAsync(string pipeline, int columns)
    {
        var start = Describe([]);
        start.Environment["MAP"] = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        start.Environment["TERM"] = "xterm";
        start.FileName = "script";
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["--quiet", "--return", "--command", $"stty cols {columns}; {pipeline}",
            "/dev/null"])
        {
            start.ArgumentList.Add(argument);
        }
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.True(result.ExitCode == 0, result.ToString());
        return TerminalScreen.Show(result.Output, columns);
    }

    /// <summary>Where it notes the run that isn't done.</summary>
    public string Journal => Assert.Single(Directory.GetFiles(PathOf("weft/map")));

    public string PathOf(string name) => Path.Combine(state.FullName, name);

    public void Dispose() => state.Delete(recursive: true);

    private ProcessStartInfo Describe(string[] options)
    {
        var start = WeftBinary.Describe(state.FullName, ["map", "--url", coordinator.ToString(), .. options]);
        start.Environment["XDG_STATE_HOME"] = state.FullName;
        return start;
    }
}
