using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What makes it easy to leave the worker page open: when it rests, pauses and stops, and says so.</summary>
public sealed class ComfortTests(Chromium chromium)
{
    private const string Battery = """
        const battery = Object.assign(new EventTarget(), { charging: true });
        navigator.getBattery = async () => battery;
        globalThis.plug = (charging) => { battery.charging = charging;
          battery.dispatchEvent(new Event('chargingchange')); };
        """;

    [Fact]
    public async Task Finish_LetsWhatRunsEnd_HoweverLong_AndBeginsNothingElse()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("pause");
        // Longer than a pause waits before it gives tasks back.
        var running = await submitter.SubmitAsync(module, "7000");
        var page = await profile.StartWorkerAsync(cores: 1);
        await page.WaitForSelectorAsync("#running .task");

        await page.ClickAsync("#finish");
        await page.WaitForSelectorAsync("main[data-state=finishing]");
        var waiting = await submitter.SubmitAsync(module, "1");
        await page.WaitForSelectorAsync("main[data-state=finished]");

        var first = await submitter.LookAsync(running);
        Assert.Equal("completed", first.GetProperty("state").GetString());
        Assert.Equal(1, first.GetProperty("attempt").GetInt32());
        Assert.Equal("ready", (await submitter.LookAsync(waiting)).GetProperty("state").GetString());
        await page.ClickAsync("#toggle");
        Assert.Equal("completed", (await submitter.FinishAsync(waiting)).State);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task Quiet_TakesHalfOfTheCores_AndRestsAsLongAsItHasComputed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("pause");
        var first = await submitter.SubmitAsync(module, "1500");
        var second = await submitter.SubmitAsync(module, "1");
        var page = await profile.OpenTabAsync("/worker/?effort=quiet");
        var cores = int.Parse((await page.GetAttributeAsync("#cores", "max"))!,
            System.Globalization.CultureInfo.InvariantCulture);
        await Assertions.Expect(page.Locator("#cores")).ToHaveValueAsync($"{(cores + 1) / 2}");
        await page.FillAsync("#cores", "1");
        await page.ClickAsync("#toggle");

        await submitter.FinishAsync(second);
        var ends = new List<DateTimeOffset>();
        foreach (var id in (long[])[first, second])
            ends.Add((await submitter.LookAsync(id)).GetProperty("finishedAt").GetDateTimeOffset());
        // It may be more on a busy machine, and never less.
        Assert.True(ends[1] - ends[0] >= TimeSpan.FromSeconds(1.4), $"{ends[0]:O} {ends[1]:O}");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task Hours_AreKept_AndThePageSaysUntilWhenItPauses()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await profile.Context.Clock.InstallAsync(new() { TimeDate = new DateTime(2030, 1, 1, 12, 0, 0) });
        var page = await profile.OpenTabAsync("/worker/?start=1&cores=1&hours=19-7");
        await page.WaitForSelectorAsync("main[data-state=paused]");
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("Paused until 19:00");

        await page.Clock.FastForwardAsync("07:00:20");
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await page.Clock.FastForwardAsync("12:00:20");
        await page.WaitForSelectorAsync("main[data-state=paused]");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting]");

        await page.FillAsync("#hours", "late");
        await page.Locator("#hours").BlurAsync();
        await Assertions.Expect(page.Locator("#hours")).ToHaveAttributeAsync("aria-invalid", "true");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ALoosePlug_PausesNothing_AndBatteryThatLastsDoes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await profile.Context.AddInitScriptAsync(Battery);
        await profile.Context.Clock.InstallAsync();
        var page = await profile.OpenTabAsync("/worker/?cores=1");
        await page.CheckAsync("#battery");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting]");

        for (var i = 0; i < 3; i++)
        {
            await page.EvaluateAsync("plug(false)");
            await page.Clock.FastForwardAsync(20_000);
            await page.EvaluateAsync("plug(true)");
            await page.Clock.FastForwardAsync(20_000);
        }

        Assert.Equal("waiting", await page.GetAttributeAsync("main", "data-state"));
        await page.EvaluateAsync("plug(false)");
        await page.Clock.FastForwardAsync(31_000);
        await page.WaitForSelectorAsync("main[data-state=paused]");
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("Paused on battery");
        await page.EvaluateAsync("plug(true)");
        await page.Clock.FastForwardAsync(31_000);
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task Thanks_CountWhatThisBrowserHasDone_OverReloads()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");
        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#thanks")).ToBeEmptyAsync();
        await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));
        await Assertions.Expect(page.Locator("#thanks")).ToContainTextAsync("has done 1 task in");

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#thanks")).ToContainTextAsync("has done 1 task in");
        await page.ClickAsync("#toggle");
        await submitter.FinishAsync(await submitter.SubmitAsync(module, "2"));
        await Assertions.Expect(page.Locator("#thanks")).ToContainTextAsync("has done 2 tasks in");
        profile.AssertQuiet();
    }
}
