using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft stats</c>: all tasks by state, once, or every second as a new line.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var watch = new Option<bool>("--watch")
        {
            Description = "Print a line every second until Ctrl+C, with the time and the completion rate",
        };
        return new Command("stats", "Show task counts by state and the number of active workers.") { watch }
            .Remote((flags, api, stop) => RunAsync(flags.WantsJson(), flags.GetValue(watch), api, stop))
                .WithExamples("weft stats", "weft stats --watch");
    }

    private static async Task<int> RunAsync(bool json, bool watch, RemoteApi api, CancellationToken stop)
    {
        var stats = await ReadAsync(api, stop);
        var lines = watch ? new StatsWatch(TimeProvider.System) : null;
        if (!json) Console.Out.WriteLine(watch ? StatsWatch.Head : StatsLine.Head);
        Print(stats, json, lines);
        using var timer = new PeriodicTimer(WatchInterval, TimeProvider.System);
        var patient = api.Patiently();
        while (watch && StandardStreams.OutputFailure is null && await timer.WaitForNextTickAsync(stop))
        {
            Print(await ReadAsync(patient, stop), json, lines);
        }
        return ExitCode.Ok;
    }

    private static void Print(StatsLine stats, bool json, StatsWatch? watch)
    {
        if (json) JsonOutput.Print(stats, RemoteJson.Default.StatsLine);
        else Console.Out.WriteLine(watch?.Next(stats) ?? stats.ToString());
    }

    private static async Task<StatsLine> ReadAsync(RemoteApi api, CancellationToken stop)
    {
        var queues = await api.AskAsync(() => api.Client.ListQueuesAsync(stop));
        var workers = (await api.GetAsync("workers", WireJson.Default.WorkerList, stop)).Workers;
        long Sum(Func<StateCounts, long> count) => queues.Sum(queue => count(queue.Counts));
        return new(
            Sum(static counts => counts.Scheduled), Sum(static counts => counts.Ready),
            Sum(static counts => counts.Leased),
            Sum(static counts => counts.Completed), Sum(static counts => counts.Dead),
            Sum(static counts => counts.Cancelled),
            workers.Count(static worker => worker.Active));
    }
}
