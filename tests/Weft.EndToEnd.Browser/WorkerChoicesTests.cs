using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What a volunteer chooses on the worker page, and what it says to them.</summary>
public sealed class WorkerChoicesTests(Chromium chromium)
{
    [Fact]
    public async Task AMistypedQueue_CanBeCorrected()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 400";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7", more: ""","queue":"good" """);
        var page = await profile.OpenTabAsync("/worker/");
        await page.FillAsync("#queues", "bad! näme");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=refused]");

        await Assertions.Expect(page.Locator("#queues")).ToBeEnabledAsync();
        await page.FillAsync("#queues", "good");
        await page.ClickAsync("#toggle");

        Assert.Equal("7", (await submitter.FinishAsync(task)).Result);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AQueueThatTheCoordinatorDoesNotKnow_IsNamed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);

        var page = await profile.StartWorkerAsync("?queue=sqares");

        await Assertions.Expect(page.Locator("#reason"))
            .ToHaveTextAsync("The coordinator has no queue sqares yet. If you expected work, check the name.");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task OtherQueues_CanBeChosenInAPause()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await Assertions.Expect(page.Locator("#queues")).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator("#queues-note")).ToHaveTextAsync("Pause to change them.");

        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=paused]");
        await page.FillAsync("#queues", "good");
        await page.ClickAsync("#toggle");

        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7", more: ""","queue":"good" """);
        Assert.Equal("7", (await submitter.FinishAsync(task)).Result);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task Choices_AreKept_AndTheAddressComesFirst()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync("/worker/");
        var most = await page.GetAttributeAsync("#cores", "max");
        await page.FillAsync("#cores", most!);
        await page.FillAsync("#queues", "one two");
        await page.Locator("#queues").BlurAsync();
        var hasBattery = await page.Locator("#battery").IsVisibleAsync();
        if (hasBattery) await page.CheckAsync("#battery");

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#cores")).ToHaveValueAsync(most!);
        await Assertions.Expect(page.Locator("#queues")).ToHaveValueAsync("one two");
        if (hasBattery) await Assertions.Expect(page.Locator("#battery")).ToBeCheckedAsync();

        var other = await profile.OpenTabAsync("/worker/?queue=three&cores=1");
        await Assertions.Expect(other.Locator("#cores")).ToHaveValueAsync("1");
        await Assertions.Expect(other.Locator("#queues")).ToHaveValueAsync("three");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ALinkThatSaysStart_Starts_AndTheTitleSaysWhatTheTabDoes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1", """{"timeoutSeconds":3600}""",
            more: ""","type":"squares" """);

        var page = await profile.OpenTabAsync("/worker/?start=1&cores=1");

        await Assertions.Expect(page.Locator("#running .name").First).ToHaveTextAsync("squares");
        await Assertions.Expect(page).ToHaveTitleAsync("Working · Weft");
        // It tells no progress: there is no bar that would pretend to.
        Assert.Equal(0, await page.Locator("#running progress:visible").CountAsync());
        await Assertions.Expect(page.Locator("#running .note").First).ToHaveTextAsync($"Task {task} of default");
        Assert.Equal(200, (await coordinator.Wire.PostAsync($"/api/v1/tasks/{task}/cancel", "")).Status);
        await page.ClickAsync("#toggle");
        await Assertions.Expect(page).ToHaveTitleAsync("Paused · Weft");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TasksThatThisPageCannotRun_AreSaid_WithWhatToType()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(201, (await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1}""")).Status);
        }

        var page = await profile.StartWorkerAsync();

        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("3 in default");
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("weft worker --queue default --exec");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AnErrorOfManyLines_ShowsItsLastLineFirst()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var page = await profile.StartWorkerAsync();

        var finished =
            await submitter.FinishAsync(await submitter.SubmitAsync(await submitter.PushAsync("traceback"), "1"));

        Assert.EndsWith("ValueError: 7 is not a colour", finished.Error, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#errors .last").First).ToHaveTextAsync("ValueError: 7 is not a colour");
        await Assertions.Expect(page.Locator("#errors pre").First).ToHaveTextAsync(new Regex("Exit code 1"));
        profile.AssertQuiet();
    }
}
