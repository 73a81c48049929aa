using Weft.Torture.Faults;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// Rounds of kill -9 at random moments and at named points; each store also freezes, sees the clock jump and its disk
/// full.
/// </summary>
internal static class CrashScenario
{
    private const int CrashesPerStore = 10;

    // Far below what the clients of one store ask together.
    private const string RateMax = "500";

    public static async Task RunAsync(TortureOptions options, Tally tally, bool hasShim)
    {
        for (var done = 0; done < options.Rounds; done += CrashesPerStore)
        {
            var seed = options.Seed + done;
            var random = new Random(seed);
            using var place = new Place(options.Folder);
            // Every other store, the first one too: behind a front that lies, by a token that asks more often than it
            // may.
            var isHarassed = done / CrashesPerStore % 2 == 0;
            string[] bounds = isHarassed ? ["--access", "tokens", "--max-rate-per-token", RateMax] : [];
            await using var target =
                new WeftTarget(options.Binary, place.Data, hasShim ? new Shim(place.Control) : null, bounds);
            if (isHarassed) await target.MakeTokenAsync();
            await using var front = isHarassed ? await LyingFront.StartAsync(target.Address, new(seed)) : null;
            var crashes = Enumerable.Range(0, Math.Min(CrashesPerStore, options.Rounds - done))
                .Select(_ => Choose(random, target.Shim));
            IFault[] others = target.Shim is { } shim
                ? [new FreezeFault(), new ClockFault(shim), new FullDiskFault(shim)] : [new FreezeFault()];
            var faults = crashes.Concat(others).ToArray();
            random.Shuffle(faults);
            var violations =
                await new Episode(front is null ? target : new ProxiedTarget(target, front.Address, front), random,
                    tally).RunAsync(faults, $"crash-{seed}");
            Console.WriteLine($"{Math.Min(done + CrashesPerStore, options.Rounds)} of {options.Rounds} crash " +
                $"rounds, {violations.Count} violations in the last store{(front is null ? "" : $", {front.Lies} " +
                    $"lies of its front")}");
        }

        if (!hasShim) tally.Skip("kill -9 at named points, jumping clock, full disk", "the shim could not be built");
    }

    private static IFault Choose(Random random, Shim? shim) => shim is null ? new KillFault() : random.Next(10) switch
    {
        0 or 1 => KillAtCallFault.AfterCommit(shim),
        2 => KillAtCallFault.BeforeSync(shim),
        3 or 4 => KillAtCallFault.InCheckpoint(shim),
        _ => new KillFault(),
    };
}
