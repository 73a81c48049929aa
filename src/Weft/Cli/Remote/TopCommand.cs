using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft top</c>: the coordinator's state on one screen, refreshed every second.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> Once = new("--once") { Description = "Print it once and exit" };

    public static Command Create() =>
        new Command("top", "Show queues, rates, workers and what needs attention, until Ctrl+C.") { Once }
            .Remote(RunAsync).WithExamples("weft top", "weft top --once");

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var screen = Console.IsOutputRedirected || flags.WantsJson() || flags.GetValue(Once) ? null : new TopScreen();
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        // A coordinator that can't be reached is reported at once; one that becomes unavailable later is waited for.
        var asked = api;
        do
        {
            var overview = await asked.GetAsync("overview", WireJson.Default.Overview, stop);
            asked = api.Patiently();
            if (flags.WantsJson()) JsonOutput.Print(overview, WireJson.Default.Overview);
            else if (screen is null) Console.Out.WriteLine(string.Join('\n', TopText.Lines(overview)));
            else screen.Show(TopText.Lines(overview));
        }
        while (!flags.GetValue(Once) && StandardStreams.OutputFailure is null
            && await timer.WaitForNextTickAsync(stop));
        return ExitCode.Ok;
    }
}
