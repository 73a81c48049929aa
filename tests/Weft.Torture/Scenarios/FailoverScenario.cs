using Weft.Torture.Faults.Shared;
using Weft.Torture.Load;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// The primary is killed under load and its standby promoted, again and again. Every answer is watched: none may take
/// longer than 5 s, and each that can't be a success says when to come back. In each store one outage lasts, so that
/// all patience ends.
/// </summary>
internal static class FailoverScenario
{
    private const int FailoversPerStore = 10;
    private static readonly TimeSpan LongOutage = TimeSpan.FromSeconds(6);

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        if (options.Failovers == 0) return;
        await using var place = await SharedPlace.StartAsync();
        var pauses = new FailoverPauses();
        var watch = new AnswerWatch();
        using var stop = new CancellationTokenSource();
        var measuring = watch.MeasureStallAsync(stop.Token);
        for (var done = 0; done < options.Failovers; done += FailoversPerStore)
        {
            var seed = options.Seed + done;
            await using var target = await place.MakeTargetAsync(options.Binary, throughProxies: false, watch);
            var faults = Enumerable.Repeat(new FailoverFault(target, place.Pair, pauses),
                Math.Min(FailoversPerStore, options.Failovers - done))
                .Append(new FailoverFault(target, place.Pair, pauses, LongOutage));
            var violations = await new Episode(target, new(seed), tally).RunAsync(faults, $"failover-{seed}");
            Console.WriteLine($"{Math.Min(done + FailoversPerStore, options.Failovers)} of {options.Failovers} " +
                $"failovers, {violations.Count} violations in the last store");
        }

        await stop.CancelAsync();
        await measuring;
        tally.Note(pauses.Text);
        tally.Note(watch.Text);
    }
}
