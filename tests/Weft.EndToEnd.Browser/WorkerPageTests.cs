using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// The worker page among people: several tabs, tabs that close, a coordinator that goes away, a pause.
/// </summary>
public sealed class WorkerPageTests(Chromium chromium)
{
    private const string ForLong = """{"timeoutSeconds":3600}""";

    [Fact]
    public async Task ManyTasks_OnTwoCores_AllEndRight()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");
        const int count = 2_000;
        var ids = await submitter.SubmitManyAsync(module, Enumerable.Range(0, count).Select(number => $"{number}"));
        // Times are recorded from the first look at them on.
        await coordinator.Wire.GetAsync("/metrics");

        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#completed")).ToHaveTextAsync("2,000");

        for (var number = 0; number < count; number += 97)
        {
            Assert.Equal($"{number}", (await submitter.FinishAsync(ids[number])).Result);
        }
        Assert.Equal(count, await coordinator.Wire.StatAsync("completed"));
        Assert.Equal("0", await page.TextContentAsync("#failed"));
        // With each result the page says how long it computed.
        await Eventually.SeeAsync("the times", () => coordinator.Wire.GetAsync("/metrics"), static seen =>
            Regex.IsMatch(seen.Text, @"weft_task_compute_seconds_count\{[^}]*\} 2000\b"));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TwoTabs_ShareOnePoller_AndTheSecondTakesOverWhenTheFirstCloses()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");

        var first = await profile.StartWorkerAsync();
        await first.WaitForSelectorAsync("main[data-state=waiting]");
        var second = await profile.StartWorkerAsync();
        await second.WaitForSelectorAsync("main[data-state=following]");
        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"))).Result);
        await Assertions.Expect(first.Locator("#completed")).ToHaveTextAsync("1");
        Assert.Equal("0", await second.TextContentAsync("#completed"));
        Assert.Equal("following", await second.GetAttributeAsync("main", "data-state"));

        await first.CloseAsync();
        await second.WaitForSelectorAsync("main[data-state=waiting]");
        // Two attempts: the first may go to the claim of the tab that has just been closed.
        Assert.Equal("2", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "2", attempts: 2))).Result);
        await Assertions.Expect(second.Locator("#completed")).ToHaveTextAsync("1");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ATabThatIsClosedInTheMiddle_GivesItsTasksBackAtOnce()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1", ForLong);
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("#running .task");

        await page.CloseAsync(new() { RunBeforeUnload = true });

        var seen = await submitter.SeeAsync(task, "ready");
        // Given back, it is no failed attempt: this task had but one.
        Assert.Equal(0, seen.GetProperty("failures").GetInt32());
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ATabThatDies_DelaysItsTaskByTheLease_AndLosesNothing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        // A lease that ran out counts: with one attempt only, this would show as a dead task.
        var task = await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1", ForLong);
        var dying = await profile.StartWorkerAsync();
        await dying.WaitForSelectorAsync("#running .task");
        var leased = await submitter.SeeAsync(task, "leased");

        // Its process ends: no handler of the page runs.
        await Assert.ThrowsAsync<PlaywrightException>(() => dying.GotoAsync("chrome://crash"));

        // As long as the task's own lease, and the sweep's second.
        var leaseTime = leased.GetProperty("leaseExpiresAt").GetDateTimeOffset() - leased.GetProperty("claimedAt")
            .GetDateTimeOffset();
        Assert.Equal(Submitter.Lease, leaseTime);
        await submitter.SeeAsync(task, "dead");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ACoordinatorThatRestarts_IsFoundAgain()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("pause");
        // Two attempts: a task that was claimed as the coordinator died may never have reached the page.
        var tasks = await submitter.SubmitManyAsync(module, Enumerable.Repeat("200", 40), attempts: 2);
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=working]");

        await coordinator.KillAsync();
        await page.WaitForSelectorAsync("main[data-state=away]");
        await Assertions.Expect(page.Locator("#reason")).ToHaveTextAsync("The coordinator can’t be reached.");
        await coordinator.StartAsync();

        foreach (var task in tasks) Assert.Equal("200", (await submitter.FinishAsync(task)).Result);
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ACancelledTask_IsEnded_AndTheCoreGoesOnWithTheNext()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1", ForLong);
        var page = await profile.StartWorkerAsync(cores: 1);
        await page.WaitForSelectorAsync("#running .task");
        var next = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "2");

        Assert.Equal(200, (await coordinator.Wire.PostAsync($"/api/v1/tasks/{task}/cancel", "")).Status);

        Assert.Equal("2", (await submitter.FinishAsync(next)).Result);
        await Assertions.Expect(page.Locator("#errors .name").First).ToHaveTextAsync($"Task {task} dropped");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task APause_GivesBackWhatWaits_AndNothingIsClaimedUntilItEnds()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("pause");
        var page = await profile.StartWorkerAsync(cores: 1);
        await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));
        var running = await submitter.SubmitAsync(module, "2000");
        await page.WaitForSelectorAsync("#running .task");

        await page.ClickAsync("#toggle");
        var later = await submitter.SubmitAsync(module, "1");
        Assert.Equal("2000", (await submitter.FinishAsync(running)).Result);
        await page.WaitForSelectorAsync("main[data-state=paused]");
        // A claim that was held at the click may still have got it: then it is given back, long before its lease ends.
        await Eventually.SeeAsync("the task is ready", () => submitter.LookAsync(later),
            static task => task.GetProperty("state").GetString() == "ready", TimeSpan.FromSeconds(10));

        await page.ClickAsync("#toggle");
        Assert.Equal("1", (await submitter.FinishAsync(later)).Result);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhatWaitsBehindEndlessTasks_IsGivenBack()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var echo = await submitter.PushAsync("echo");
        var loop = await submitter.PushAsync("loop");
        await profile.StartWorkerAsync(cores: 2);
        // The page learns how quick tasks are, and asks for many.
        foreach (var id in await submitter.SubmitManyAsync(echo, Enumerable.Repeat("1", 500)))
        {
            await submitter.FinishAsync(id);
        }

        var endless = await submitter.SubmitManyAsync(loop, ["1", "1"], run: """{"timeoutSeconds":3600}""");
        var behind = await submitter.SubmitManyAsync(echo, Enumerable.Repeat("1", 100));

        foreach (var id in endless) await submitter.SeeAsync(id, "leased");
        foreach (var id in behind)
        {
            var task = await Eventually.SeeAsync("the task is anybody's, or done", () => submitter.LookAsync(id),
                static task => task.GetProperty("state").GetString() is "ready" or "completed");
            Assert.Equal(0, task.GetProperty("failures").GetInt32());
        }

        profile.AssertQuiet();
    }

    [Fact]
    public async Task AQueueOfTheAddress_IsTheOneThatIsWorkedOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");
        var other = await submitter.SubmitAsync(module, "1");
        var ours = await submitter.SubmitAsync(module, "2", more: ""","queue":"ours" """);

        await profile.StartWorkerAsync("?queue=ours&queue=too");

        Assert.Equal("2", (await submitter.FinishAsync(ours)).Result);
        Assert.Equal("ready", (await submitter.LookAsync(other)).GetProperty("state").GetString());
        profile.AssertQuiet();
    }

    [Fact]
    public async Task OnPlainHttp_ModulesRun_AndThePageSaysWhatIsMissing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--public-name",
            Chromium.PlainHttpHost, "--open");
        await using var profile = await Profile.OpenAsync(chromium, coordinator, plainHttp: true);
        profile.ExpectedError = "The Cross-Origin-Opener-Policy header has been ignored";
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");

        var first = await profile.StartWorkerAsync();
        Assert.Equal("3", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "3"))).Result);
        var second = await profile.StartWorkerAsync();
        await second.WaitForSelectorAsync("main[data-state=following]");

        await Assertions.Expect(first.Locator("#lacks li").First)
            .ToContainTextAsync("no: that needs https or localhost");
        profile.AssertQuiet();
    }
}
