using System.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft stats</c>: all tasks by state, once or as a new line every second.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var watch = new Option<bool>("--watch") { Description = "Print a new line every second until Ctrl+C" };
        return new Command("stats", "Count all tasks by state, and the workers that are active.") { watch }
            .Remote((flags, api, stop) => RunAsync(flags.WantsJson(), flags.GetValue(watch), api, stop));
    }

    private static async Task<int> RunAsync(bool json, bool watch, RemoteApi api, CancellationToken stop)
    {
        var stats = await ReadAsync(api, stop);
        if (!json) StatsLine.PrintHead(Console.Out);
        Print(stats, json);
        using var timer = new PeriodicTimer(WatchInterval, TimeProvider.System);
        var patience = new RemotePatience(TimeProvider.System, Console.Error.WriteLine);
        while (watch && await timer.WaitForNextTickAsync(stop)) Print(await patience.AskAsync(again => ReadAsync(api, again), stop), json);
        return ExitCode.Ok;
    }

    private static void Print(StatsLine stats, bool json)
    {
        if (json) JsonOutput.Print(stats, RemoteJson.Default.StatsLine);
        else stats.Print(Console.Out);
    }

    private static async Task<StatsLine> ReadAsync(RemoteApi api, CancellationToken stop)
    {
        var queues = (await api.GetAsync("queues", WireJson.Default.QueueList, stop)).Queues;
        var workers = (await api.GetAsync("workers", WireJson.Default.WorkerList, stop)).Workers;
        long Sum(Func<StateCounts, long> count) => queues.Sum(queue => count(queue.Counts));
        return new(
            Sum(static counts => counts.Scheduled), Sum(static counts => counts.Ready), Sum(static counts => counts.Leased),
            Sum(static counts => counts.Completed), Sum(static counts => counts.Dead), Sum(static counts => counts.Cancelled),
            workers.Count(static worker => worker.Active));
    }
}
