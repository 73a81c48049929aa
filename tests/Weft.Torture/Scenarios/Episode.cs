using Weft.Torture.Checking;
using Weft.Torture.Faults;
using Weft.Torture.Histories;
using Weft.Torture.Load;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// One store's life: a round of load for each fault, then rest, then judgement over the whole history.
/// </summary>
internal sealed class Episode(TortureTarget target, Random random, Tally tally)
{
    private readonly History _history = new();
    private readonly Knowledge _known = new();
    private readonly List<Violation> _violations = [];

    /// <summary>Lets the faults strike one after the other and answers what was violated.</summary>
    public async Task<IReadOnlyList<Violation>> RunAsync(IEnumerable<IFault> faults, string name)
    {
        using var webhook = new WebhookListener();
        foreach (var fault in faults) await RunRoundAsync(fault, webhook);
        await JudgeAsync(webhook);
        tally.Add(_history, _violations, name, target.Printed);
        return _violations;
    }

    private async Task RunRoundAsync(IFault fault, WebhookListener webhook)
    {
        fault.Arm(random);
        var started = await target.StartAsync();
        fault.Disarm();
        if (!started)
        {
            if (!fault.MayHinderStart)
                _violations.Add(new("I11", $"The coordinator does not start again: {target.Printed}"));
            else tally.Hit(fault.Name);
            await CrashedAsync();
            return;
        }

        await webhook.RegisterAsync(target.Surface, () => target.IsRunning);
        using var stop = new CancellationTokenSource();
        var load = new LoadRun(target.Surface, _history, _known, random).RunAsync(stop.Token);
        if (await fault.StrikeAsync(target, random)) tally.Hit(fault.Name);
        await stop.CancelAsync();
        await load;
        if (!target.IsRunning) await CrashedAsync();
        else if (await target.StopAsync() is var exitCode and not 0)
            _violations.Add(new("I9", $"A stop in good order ended with exit code {exitCode}: {target.Printed}"));
    }

    /// <summary>A store must be sound as the crash left it, before anybody mends it.</summary>
    private async Task CrashedAsync()
    {
        tally.Crashed();
        foreach (var finding in await target.CheckAsync())
            _violations.Add(new("I11", $"After a crash, weft check: {finding}"));
    }

    private async Task JudgeAsync(WebhookListener webhook)
    {
        if (!await target.StartAsync())
        {
            _violations.Add(new("I11", $"The coordinator does not start at the end: {target.Printed}"));
            return;
        }

        target.ComeToRest();
        var rest = new Rest(target, _history, _known);
        var cameToRest = await rest.ComeToRestAsync();
        var told = await webhook.ComeToRestAsync(target.Surface);
        var image = await rest.ReadAsync(cameToRest);
        _violations.AddRange(HistoryChecker.Check(_history.Operations, image));
        _violations.AddRange(WebhookRules.Check(_history.Operations, image, told));
        if (target.Surface.Watch is { } watch) _violations.AddRange(watch.Violations);
    }
}
