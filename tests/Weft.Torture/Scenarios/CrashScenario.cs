using Weft.Torture.Faults;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>Rounds of kill -9 at random moments and at named points; each store also freezes, sees the clock jump and its disk full.</summary>
internal static class CrashScenario
{
    private const int CrashesPerStore = 10;

    public static async Task RunAsync(TortureOptions options, Tally tally, bool hasShim)
    {
        for (var done = 0; done < options.Rounds; done += CrashesPerStore)
        {
            var seed = options.Seed + done;
            var random = new Random(seed);
            using var place = new Place(options.Folder);
            await using var target = new WeftTarget(options.Binary, place.Data, hasShim ? new Shim(place.Control) : null);
            var crashes = Enumerable.Range(0, Math.Min(CrashesPerStore, options.Rounds - done)).Select(_ => Choose(random, target.Shim));
            IFault[] others = target.Shim is { } shim ? [new FreezeFault(), new ClockFault(shim), new FullDiskFault(shim)] : [new FreezeFault()];
            var faults = crashes.Concat(others).ToArray();
            random.Shuffle(faults);
            var violations = await new Episode(target, random, tally).RunAsync(faults, $"crash-{seed}");
            Console.WriteLine($"{Math.Min(done + CrashesPerStore, options.Rounds)} of {options.Rounds} crash rounds, {violations.Count} violations in the last store");
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
