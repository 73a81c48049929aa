using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Load;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// The reference scenario from an empty folder to a stop in good order, once for each call to the system and each way
/// in which that can fail: every write, sync and truncation of the start, the migrations, the commits and the last
/// checkpoint.
/// </summary>
internal static class EveryCallScenario
{
    private const int AtOnce = 3;
    private static readonly TimeSpan EndTimeMax = TimeSpan.FromSeconds(20);
    private static readonly (string Call, string[] Actions)[] Ways =
    [
        ("write", ["eio", "enospc", "short", "before", "after"]),
        ("sync", ["eio", "before", "after"]),
        ("truncate", ["eio", "before", "after"]),
    ];

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        var cases = new List<(string Call, long K, string Action)>();
        foreach (var (call, actions) in Ways)
        {
            var calls = await CountAsync(options, call);
            Console.WriteLine($"The reference scenario makes {calls} calls of kind {call}");
            for (long k = options.FirstCall; k <= calls; k += options.EveryCall)
                cases.AddRange(actions.Select(action => (call, k, action)));
        }

        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (one, _) => await RunOneAsync(options, tally, one.Call, one.K, one.Action));
        Console.WriteLine($"{cases.Count} failing calls");
    }

    private static async Task<long> CountAsync(TortureOptions options, string call)
    {
        using var place = new Place(options.Folder);
        await using var target =
            new WeftTarget(options.Binary, place.Data, new Shim(place.Control) { Plan = $"{call} any 0 none" });
        await StartAndRunAsync(target, new(), new());
        await target.StopAsync();
        return target.Shim!.Calls;
    }

    private static async Task<bool> StartAndRunAsync(WeftTarget target, History history, Knowledge known)
    {
        if (!await target.StartAsync()) return false;
        using var client = new TortureClient(target.Surface);
        await new ReferenceScenario(new(client, history), known).RunAsync();
        return true;
    }

    private static async Task RunOneAsync(TortureOptions options, Tally tally, string call, long k, string action)
    {
        using var place = new Place(options.Folder);
        await using var target =
            new WeftTarget(options.Binary, place.Data, new Shim(place.Control) { Plan = $"{call} any {k} {action}" });
        var (history, known, violations) = (new History(), new Knowledge(), new List<Violation>());
        var served = await StartAndRunAsync(target, history, known);
        if (served) violations.AddRange(await EndAsync(target, call, action));
        if (target.Shim!.Hits > 0) tally.Hit($"call fails: {call} {action}");
        if (action is "before" or "after") tally.Crashed();

        target.Shim.Plan = null;
        violations.AddRange(await JudgeAsync(target, history, known));
        tally.Add(history, violations, $"call-{call}-{k}-{action}");
    }

    /// <summary>
    /// Stops the coordinator, or finds that it has ended, and holds that against what the failure demands.
    /// </summary>
    private static async Task<IEnumerable<Violation>> EndAsync(WeftTarget target, string call, string action)
    {
        var mustEnd = call == "sync" && action == "eio";
        // A signal in the middle of its own end would be the end.
        var endedByItself = mustEnd && target.Shim!.Hits > 0 && await target.EndAsync(EndTimeMax) is not null;
        var wasHit = target.Shim!.Hits > 0;
        var exitCode = await target.StopAsync();
        if (!mustEnd || target.Shim!.Hits == 0) return [];
        var violations = new List<Violation>();
        if (target.Shim.SyncsAfterHit > 0)
            violations.Add(new("I1", $"After a failed sync there were {target.Shim.SyncsAfterHit} more", Harm.Lost));
        if (wasHit && !endedByItself) violations.Add(new("I1", "A failed sync did not end the coordinator", Harm.Lost));
        if (exitCode != 1 || !target.Printed.Contains("The disk reported an error", StringComparison.Ordinal))
            violations.Add(new("I1", $"A failed sync ended the coordinator with {exitCode}: {target.Printed}"));
        return violations;
    }

    private static async Task<IEnumerable<Violation>> JudgeAsync(WeftTarget target, History history, Knowledge known)
    {
        if (!await target.StartAsync()) return [new("I11", $"The coordinator does not start again: {target.Printed}")];
        var rest = new Rest(target, history, known);
        await rest.CancelUnfinishedAsync();
        return HistoryChecker.Check(history.Operations, await rest.ReadAsync(cameToRest: true));
    }
}
