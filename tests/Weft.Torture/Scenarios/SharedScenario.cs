using Weft.Torture.Faults;
using Weft.Torture.Faults.Shared;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// Three coordinators over a primary and its synchronous standby: everything that can go wrong between them, in random
/// order.
/// </summary>
internal static class SharedScenario
{
    private const int FaultsPerStore = 10;

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        if (options.Rounds == 0) return;
        await using var place = await SharedPlace.StartAsync();
        var pauses = new FailoverPauses();
        for (var done = 0; done < options.Rounds; done += FaultsPerStore)
        {
            var seed = options.Seed + done;
            var random = new Random(seed);
            await using var target = await place.MakeTargetAsync(options.Binary, throughProxies: true);
            var faults = Enumerable.Range(done, Math.Min(FaultsPerStore, options.Rounds - done))
                .Select(round => Choose(round, target, place, pauses)).ToArray();
            random.Shuffle(faults);
            var violations = await new Episode(target, random, tally).RunAsync(faults, $"shared-{seed}");
            Console.WriteLine($"{Math.Min(done + FaultsPerStore, options.Rounds)} of {options.Rounds} rounds on " +
                $"PostgreSQL, {violations.Count} violations in the last store");
        }
    }

    // In turn, so that ten rounds meet every kind.
    private static IFault Choose(int round, SharedTarget target, SharedPlace place, FailoverPauses pauses) =>
        (round % FaultsPerStore) switch
        {
            0 or 1 => new KillCoordinatorFault(target),
            2 or 3 => new FailoverFault(target, place.Pair, pauses),
            4 => new CrashPrimaryFault(target, place.Pair),
            5 => new CrashStandbyFault(target, place.Pair),
            6 => new FreezeCoordinatorFault(target),
            7 => new FreezePrimaryFault(place.Pair),
            8 => new CutFault(place.Proxies),
            _ => new InterruptFault(place.Pair),
        };
}
