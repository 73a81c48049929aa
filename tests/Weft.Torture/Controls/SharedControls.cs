using Weft.Torture.Checking;
using Weft.Torture.Faults;
using Weft.Torture.Faults.Shared;
using Weft.Torture.Reporting;
using Weft.Torture.Scenarios;
using Weft.Torture.Targets;

namespace Weft.Torture.Controls;

/// <summary>
/// The same for coordinators over PostgreSQL: installations that lose what they acknowledge, and coordinators that lie.
/// </summary>
internal static class SharedControls
{
    private const int CrashesPerStore = 3;

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        await NegativeControls.ExpectAsync(tally, "an asynchronous standby promoted", "I1",
            seed => PromoteLateStandbyAsync(options, seed));
        await using var place = await SharedPlace.StartAsync();
        await NegativeControls.ExpectAsync(tally, "synchronous_commit=off, and a server that crashes", null,
            seed => CrashCarelessServerAsync(options, place, seed));
        await NegativeControls.ExpectAsync(tally, "fencing off", "I5",
            seed => LieAsync(options, place, Lie.FencingOff, seed));
        await NegativeControls.ExpectAsync(tally, "acknowledgement before the commit", "I4",
            seed => LieAsync(options, place, Lie.AcknowledgeFirst, seed));
    }

    private static async Task<IReadOnlyList<Violation>> PromoteLateStandbyAsync(TortureOptions options, int seed)
    {
        await using var place = await SharedPlace.StartAsync(isSynchronous: false);
        await using var target = await place.MakeTargetAsync(options.Binary, throughProxies: false);
        var pauses = new FailoverPauses();
        // First something harmless: coordinators keep what they know of queues, and all sorts of things go wrong when
        // those are lost.
        IFault[] faults = [new KillCoordinatorFault(target),
            new LateStandbyFault(place.Pair, new FailoverFault(target, place.Pair, pauses))];
        return await new Episode(target, new(seed), NegativeControls.Apart(options)).RunAsync(faults,
            $"control-async-{seed}");
    }

    private static async Task<IReadOnlyList<Violation>> CrashCarelessServerAsync(TortureOptions options,
        SharedPlace place, int seed)
    {
        await using var target =
            await place.MakeTargetAsync(options.Binary, throughProxies: false, settings: "synchronous_commit = off");
        var faults = Enumerable.Repeat<IFault>(new CrashPrimaryFault(target, place.Pair), CrashesPerStore)
            .Prepend(new KillCoordinatorFault(target));
        return await new Episode(target, new(seed), NegativeControls.Apart(options)).RunAsync(faults,
            $"control-careless-{seed}");
    }

    private static async Task<IReadOnlyList<Violation>> LieAsync(TortureOptions options, SharedPlace place, Lie lie,
        int seed)
    {
        await using var target = await place.MakeTargetAsync(options.Binary, throughProxies: false);
        return await NegativeControls.LieAsync(options, target, lie, seed);
    }
}
