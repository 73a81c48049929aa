using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Load;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// Crashes while finished tasks are deleted seconds after they have finished, and files that nothing names. Whatever
/// was deleted, nothing that is left names what isn't there; and once all tasks are gone, so are all files.
/// </summary>
internal static class RetentionScenario
{
    // What finished is looked for every ten seconds.
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan EmptyTimeMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Shortly = ["--retention", "2s"];

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        if (options.Retentions == 0) return;
        using var place = new Place(options.Folder);
        await using var target = new WeftTarget(options.Binary, place.Data);
        await RunAsync(options, tally, target);
    }

    public static async Task RunSharedAsync(TortureOptions options, Tally tally)
    {
        if (options.Retentions == 0) return;
        await using var place = await SharedPlace.StartAsync();
        await using var target = await place.MakeTargetAsync(options.Binary, throughProxies: false);
        await RunAsync(options, tally, target);
    }

    private static async Task RunAsync(TortureOptions options, Tally tally, TortureTarget target)
    {
        var (history, known, random) = (new History(), new Knowledge(), new Random(options.Seed));
        for (var round = 0; round < options.Retentions; round++)
        {
            target.Configure(Shortly);
            await StartAsync(target);
            using var stop = new CancellationTokenSource();
            // Groups go, too.
            known.Group = null;
            var load = new LoadRun(target.Surface, history, known, random).RunAsync(stop.Token);
            await Task.Delay(LoadTime + (random.NextDouble() * LoadTime), TimeProvider.System);
            await target.KillAsync();
            await stop.CancelAsync();
            await load;
            tally.Hit("kill -9 while tasks and files are deleted");
            tally.Crashed();
        }

        var image = await LookAsync(target, history, known);
        var deleted = known.Blobs.Count(hash => image.Blobs.GetValueOrDefault(hash) is null);
        IReadOnlyList<Violation> violations =
        [
            .. BlobRules.CheckNamed(image),
            .. image.Findings.Select(static finding => new Violation("I11", $"weft check: {finding}")),
            .. await EmptyAsync(target),
        ];
        tally.Add(history, violations, $"retention-{options.Seed}", target.Printed);
        tally.Note($"retention: {known.Blobs.Count:N0} files pushed, {deleted:N0} deleted under load, " +
            $"{image.Tasks.Count:N0} tasks left then, and at last nothing");
        Console.WriteLine($"{options.Retentions} crashes while tasks and files were deleted, " +
            $"{violations.Count} violations");
    }

    /// <summary>Reads all that is left, while nothing is deleted.</summary>
    private static async Task<StoreImage> LookAsync(TortureTarget target, History history, Knowledge known)
    {
        target.Configure();
        await StartAsync(target);
        known.Group = null;
        var rest = new Rest(target, history, known);
        return await rest.ReadAsync(await rest.ComeToRestAsync());
    }

    /// <summary>What every task has, dies with it.</summary>
    private static async Task<IReadOnlyList<Violation>> EmptyAsync(TortureTarget target)
    {
        target.Configure(Shortly);
        await StartAsync(target);
        using var client = new TortureClient(target.Surface);
        var start = TimeProvider.System.GetTimestamp();
        var (tasks, blobs) = (0L, 0);
        while (TimeProvider.System.GetElapsedTime(start) < EmptyTimeMax)
        {
            var (counts, list) = (await client.GetAsync("stats"), await client.GetAsync("api/v1/blobs?limit=1000"));
            if (counts.IsOk && list.IsOk)
            {
                tasks = counts.Json.GetProperty("totalTasks").GetInt64();
                blobs = list.Json.GetProperty("blobs").GetArrayLength();
                if (tasks == 0 && blobs == 0) break;
            }

            await Task.Delay(BetweenLooks, TimeProvider.System);
        }

        await target.StopAsync();
        var left = tasks + blobs == 0 ? (IReadOnlyList<Violation>)[]
            : [new("I15", $"All tasks have finished long ago, and {tasks} of them and {blobs} files are still there")];
        return [.. left,
            .. (await target.CheckAsync()).Select(static finding => new Violation("I11", $"weft check: {finding}"))];
    }

    private static async Task StartAsync(TortureTarget target)
    {
        if (!await target.StartAsync())
            throw new InvalidOperationException($"The coordinator does not start: {target.Printed}");
    }
}
