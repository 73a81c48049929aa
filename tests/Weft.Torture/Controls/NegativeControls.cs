using Weft.Torture.Checking;
using Weft.Torture.Faults;
using Weft.Torture.Reporting;
using Weft.Torture.Scenarios;
using Weft.Torture.Targets;

namespace Weft.Torture.Controls;

/// <summary>
/// Shows that the checker would notice: the same load, faults and judgement over coordinators that are broken on
/// purpose. A control that is not caught fails the run, as a violation does.
/// </summary>
internal static class NegativeControls
{
    // Chance decides whether a broken promise meets a crash; so many stores hardly ever all get away.
    private const int StoresMax = 6;
    private const int CrashesPerStore = 4;

    public static async Task RunAsync(TortureOptions options, Tally tally, string? noShim, string? noPower)
    {
        await ExpectAsync(tally, "fencing off", "I5", seed => LieAsync(options, Lie.FencingOff, seed));
        await ExpectAsync(tally, "acknowledgement before the commit", "I4",
            seed => LieAsync(options, Lie.AcknowledgeFirst, seed));
        await ExpectAsync(tally, "pushes acknowledged and forgotten", "I14",
            seed => LieAsync(options, Lie.ForgetPush, seed));
        if ((noShim ?? noPower) is { } why) tally.Skip("negative control: syncs switched off under power cuts", why);
        else await ExpectAsync(tally, "syncs switched off under power cuts", null,
            seed => PowerScenario.RunStoreAsync(options, Apart(options), seed, CrashesPerStore, "sync any 0 skip"));
    }

    /// <param name="tally">Where it is counted.</param>
    /// <param name="name">What is broken.</param>
    /// <param name="invariant">Which one must be violated; null: any.</param>
    /// <param name="runStore">Runs one store by a seed.</param>
    public static async Task ExpectAsync(Tally tally, string name, string? invariant,
        Func<int, Task<IReadOnlyList<Violation>>> runStore)
    {
        for (var store = 1; store <= StoresMax; store++)
        {
            var violations = await runStore(store);
            if (violations.FirstOrDefault(violation => invariant is null
                || violation.Invariant == invariant) is not { } caught) continue;
            Console.WriteLine($"Control caught: {name}, in store {store}");
            tally.Control(name, true,
                $"in store {store} of at most {StoresMax}: {caught.Text.Split('\n')[0]} ({caught.Invariant})");
            return;
        }

        tally.Control(name, false, $"not in {StoresMax} stores");
    }

    private static async Task<IReadOnlyList<Violation>> LieAsync(TortureOptions options, Lie lie, int seed)
    {
        using var place = new Place(options.Folder);
        await using var target = new WeftTarget(options.Binary, place.Data);
        return await LieAsync(options, target, lie, seed);
    }

    /// <summary>Runs a target behind a proxy that lies.</summary>
    public static async Task<IReadOnlyList<Violation>> LieAsync(TortureOptions options, TortureTarget target, Lie lie,
        int seed)
    {
        await using var proxy = await LyingProxy.StartAsync(target.Address, lie);
        // The freeze lets leases lapse, so that tasks change hands.
        var faults = Enumerable.Repeat<IFault>(new KillFault(), CrashesPerStore).Append(new FreezeFault())
            .Append(new KillFault());
        return await new Episode(new ProxiedTarget(target, proxy.Address), new(seed), Apart(options)).RunAsync(faults,
            $"control-{lie}-{seed}");
    }

    /// <summary>What a broken coordinator does is no figure of the sound one's.</summary>
    public static Tally Apart(TortureOptions options) => new(options.Folder, isQuiet: true);
}
