using System.Diagnostics;
using Weft.Bench.Http;
using Weft.Bench.Load;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// What workers cost that wait and get nothing: memory, processor, and the reads and writes of files, which the
/// database's work would be.
/// </summary>
internal static class IdleScenario
{
    public static readonly Scenario Definition = new("idle", "what 10,000 idle long polls cost", RunAsync);

    private const int Polls = 10_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = new Samples($"Idle: a server by itself, and with {Polls:N0} long polls that get nothing");
        samples.AddMissing([run.Servers.Weft]);
        if (run.Servers.Weft.Missing is not null) return [samples];
        run.Say("idle: one round");
        await using var running = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
        await Task.Delay(SettleTime, TimeProvider.System, stop);
        var without = running.Resident;
        await WatchAsync(running, samples, new Cell("weft", "nobody"), stop);

        using var pool = await LoadPool.OpenAsync(running.Address, Polls, stop);
        var polling = pool.RunAsync(PollAsync, Patience, stop);
        await Task.Delay(SettleTime, TimeProvider.System, stop);
        var cell = new Cell("weft", $"{Polls:N0} polls");
        await WatchAsync(running, samples, cell, stop);
        samples.Add(cell, Metric.ResidentPerPoll, (running.Resident - without) / 1e3 / Polls);

        var tally = (await polling).Tally;
        run.AddBad("weft", tally.Bad, tally.FirstBad);
        samples.Add(cell, Metric.Bad, tally.Bad);
        return [samples];
    }

    private static async Task WatchAsync(RunningServer server, Samples samples, Cell cell, CancellationToken stop)
    {
        var (cpu, calls) = (server.Cpu, server.FileCalls);
        await Task.Delay(WatchTime, TimeProvider.System, stop);
        samples.Add(cell, Metric.Resident, server.Resident / 1e6);
        samples.Add(cell, Metric.IdleCpu, (server.Cpu - cpu).TotalMilliseconds / WatchTime.TotalSeconds);
        if (server.FileCalls is { } now && calls is { } before)
            samples.Add(cell, Metric.FileCalls, (now - before) / WatchTime.TotalSeconds);
    }

    private static async Task PollAsync(HttpConnection connection, int worker, LoadTally tally)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await connection.ExchangeAsync(HeldPoll.Request(worker, Wait));
        // Held for its whole time, give or take a timer's tick; else it was no long poll that was measured.
        if (!HeldPoll.IsEmpty(answer) || Stopwatch.GetElapsedTime(started) < Wait * 0.9)
            tally.AddBad("POST /tasks/claim (a task, or not held)", answer);
    }
}
