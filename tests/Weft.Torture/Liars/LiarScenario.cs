using Weft.Torture.Checking;
using Weft.Torture.Controls;
using Weft.Torture.Reporting;
using Weft.Torture.Scenarios;
using Weft.Torture.Targets;

namespace Weft.Torture.Liars;

/// <summary>Workers of which some lie, results that are verified, and crashes.</summary>
internal static class LiarScenario
{
    private const int RoundsPerStore = 4;

    // Of a control where names decide, in its one round.
    private const int ControlTasks = 270;

    // Networks are told by the header of a trusted proxy: all workers are on this machine.
    private static readonly string[] Networks = ["--trusted-proxies", "127.0.0.1", "--open"];

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        for (var done = 0; done < options.Liars; done += RoundsPerStore)
        {
            var seed = options.Seed + done;
            using var place = new Place(options.Folder);
            await using var target = new WeftTarget(options.Binary, place.Data, null, Networks);
            await RunStoreAsync(options, tally, target, seed, done);
        }
    }

    /// <summary>The same with three coordinators over PostgreSQL.</summary>
    public static async Task RunSharedAsync(TortureOptions options, Tally tally)
    {
        await using var place = await SharedPlace.StartAsync();
        for (var done = 0; done < options.Liars; done += RoundsPerStore)
        {
            await using var target =
                await place.MakeTargetAsync(options.Binary, throughProxies: false, options: Networks);
            await RunStoreAsync(options, tally, target, options.Seed + done, done);
        }
    }

    private static async Task RunStoreAsync(
        TortureOptions options, Tally tally, TortureTarget target, int seed, int done)
    {
        var rounds = Math.Min(RoundsPerStore, options.Liars - done);
        var episode = new LiarEpisode(target, new(seed), isApart: true);
        var violations = await episode.RunAsync(rounds);
        for (var i = 0; i < rounds; i++) tally.Crashed();
        tally.Add(episode.Record(), violations, $"liars-{seed}", target.Printed);
        var (told, wrong) = episode.Told;
        tally.Note($"liars, store {seed}: {episode.Answers:N0} answers, {told:N0} results, {wrong:N0} wrong, of " +
            $"workers of which three in twelve lie together: always, or {episode.Attacks}");
        Console.WriteLine(
            $"{done + rounds} of {options.Liars} rounds with liars, {violations.Count} violations in the last store");
    }

    /// <summary>Shows that the rules would notice.</summary>
    public static async Task ControlAsync(TortureOptions options, Tally tally)
    {
        await NegativeControls.ExpectAsync(tally, "checks given to the same network", "V2", async seed =>
        {
            using var place = new Place(options.Folder);
            await using var target = new WeftTarget(options.Binary, place.Data, null, Networks);
            return await new LiarEpisode(target, new(seed), isApart: true, isScrambled: true).RunAsync(1);
        });
        await NegativeControls.ExpectAsync(tally, "verified answers acknowledged before the commit", "V5", async seed =>
        {
            using var place = new Place(options.Folder);
            await using var target = new WeftTarget(options.Binary, place.Data);
            await using var proxy = await LyingProxy.StartAsync(target.Address, Lie.AcknowledgeFirst);
            return await new LiarEpisode(new ProxiedTarget(target, proxy.Address), new(seed), isApart: false)
                .RunAsync(RoundsPerStore);
        });
        // A few rounds are to be over soon.
        if (options.Liars <= RoundsPerStore) return;
        await NegativeControls.ExpectAsync(tally, "hardly any answer checked, where names decide", "V6",
            seed => LieAsync(options, Lie.CheckNothing, seed, "always-together"));
        await NegativeControls.ExpectAsync(tally, "corrections withheld", "V1",
            seed => LieAsync(options, Lie.HideCorrections, seed, "sleepers-together"));
        await NegativeControls.ExpectAsync(tally, "a module that writes the sign of what is no number", "V7",
            async seed =>
            {
                using var place = new Place(options.Folder);
                await using var target = new WeftTarget(options.Binary, place.Data, null, Networks);
                return await new LiarEpisode(target, new(seed), isApart: true, attack: "none", differs: true,
                    tasks: ControlTasks).RunAsync(1);
            });
    }

    private static async Task<IReadOnlyList<Violation>> LieAsync(
        TortureOptions options, Lie lie, int seed, string attack)
    {
        using var place = new Place(options.Folder);
        await using var target = new WeftTarget(options.Binary, place.Data, null, Networks);
        await using var proxy = await LyingProxy.StartAsync(target.Address, lie);
        return await new LiarEpisode(
            new ProxiedTarget(target, proxy.Address), new(seed), isApart: true, attack: attack,
            tasks: ControlTasks).RunAsync(1);
    }
}
