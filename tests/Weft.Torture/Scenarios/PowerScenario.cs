using Weft.Torture.Checking;
using Weft.Torture.Faults;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>Power cuts under load on a real ext4 file system.</summary>
internal static class PowerScenario
{
    private const int CutsPerStore = 5;

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        for (var done = 0; done < options.PowerLoss; done += CutsPerStore)
        {
            var seed = options.Seed + 1_000_000 + done;
            var violations = await RunStoreAsync(options, tally, seed, Math.Min(CutsPerStore, options.PowerLoss - done),
                shimPlan: null);
            Console.WriteLine($"{Math.Min(done + CutsPerStore, options.PowerLoss)} of {options.PowerLoss} power " +
                $"cuts, {violations.Count} violations in the last store");
        }
    }

    /// <param name="options">The run.</param>
    /// <param name="tally">Where it is counted.</param>
    /// <param name="seed">Of its chance.</param>
    /// <param name="cuts">Of one store.</param>
    /// <param name="shimPlan">What the shim does all the time; null: no shim.</param>
    public static async Task<IReadOnlyList<Violation>> RunStoreAsync(TortureOptions options, Tally tally, int seed,
        int cuts, string? shimPlan)
    {
        using var place = new Place(options.Folder);
        await using var disk = await Ext4Disk.CreateAsync(place.Folder);
        await using var target = new WeftTarget(options.Binary, Path.Combine(disk.MountPoint, "data"),
            shimPlan is null ? null : new Shim(place.Control) { Plan = shimPlan });
        return await new Episode(target, new(seed), tally).RunAsync(Enumerable.Repeat(new PowerCutFault(disk), cuts),
            $"power-{seed}");
    }
}
