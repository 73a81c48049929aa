using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The overview: numbers, what is wrong with them, and examples that can be pasted.</summary>
public sealed class OverviewTests(Chromium chromium)
{
    [Fact]
    public async Task TheNumbers_AreLive_AndInTheWordsOfTheApi()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync("/");
        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("0");

        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"queue":"slow"}""");
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"delaySeconds":3600}""");
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"expiresInSeconds":0.001}""");

        await Assertions.Expect(page.Locator("#dead")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#scheduled")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#version"))
            .ToHaveTextAsync(new Regex("^Weft [0-9]+[.][0-9]+[.][0-9]+, up "));
        foreach (var link in await page.Locator("a")
            .EvaluateAllAsync<string[]>("links => links.map(link => link.href)"))
            Assert.Equal(200, (await page.APIRequest.GetAsync(link)).Status);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TasksThatNobodyWorksOn_AreSaid_WithWhatToType()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"queue":"slwo"}""");

        var page = await profile.OpenTabAsync("/");

        await Assertions.Expect(page.Locator("#unserved li")).ToContainTextAsync("1 task in slwo without a worker");
        await Assertions.Expect(page.Locator("#unserved code"))
            .ToHaveTextAsync("weft worker --queue slwo --exec 'PROGRAM'");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TasksInAPausedQueue_AreSaid_WithWhatToType()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"queue":"q"}""");
        await coordinator.Wire.PostAsync("/api/v1/queues/q/pause", "");

        var page = await profile.OpenTabAsync("/");

        await Assertions.Expect(page.Locator("#unserved li"))
            .ToHaveTextAsync("1 task in q, which is paused. To resume it: weft queues resume q");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task SlowWork_HasARate_ThatIsNotNothing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync("/");
        await Assertions.Expect(page.Locator("#rate")).ToHaveTextAsync("0");

        var task = await coordinator.Wire.SubmitAsync("{}");
        await coordinator.Wire.ClaimAsync("w");
        await coordinator.Wire.CompleteAsync(task, "1");

        await Assertions.Expect(page.Locator("#completed")).ToHaveTextAsync("1");
        // One in some seconds: by the second it would round to nothing.
        await Assertions.Expect(page.Locator("#rate")).ToHaveTextAsync(new Regex("^[0-9.]+/min$"));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ACoordinatorThatIsAway_LeavesNoNumbersThatLookNew()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var page = await profile.OpenTabAsync("/");
        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("0");

        await coordinator.KillAsync();

        await Assertions.Expect(page.Locator("#trouble")).ToContainTextAsync("The coordinator hasn’t answered since");
        await Assertions.Expect(page.Locator("#screen")).ToHaveClassAsync(new Regex("stale"));
        await coordinator.StartAsync();
        await Assertions.Expect(page.Locator("#trouble")).ToBeHiddenAsync();
        profile.AssertQuiet();
    }

    [Fact]
    public async Task NoToken_AndAWrongOne_AreToldApart_AndTheRightOneGoesIntoAField()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 40";
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        var page = await profile.OpenTabAsync("/");

        await Assertions.Expect(page.Locator("#trouble"))
            .ToHaveTextAsync("This coordinator requires a token to show its statistics.");
        await UseAsync("weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await Assertions.Expect(page.Locator("#trouble"))
            .ToHaveTextAsync("Your token has expired, was revoked, or belongs to another coordinator.");
        await UseAsync((await Tokens.CreateAsync(admin, "work")).Token);
        await Assertions.Expect(page.Locator("#trouble")).ToContainTextAsync(
            "Your token isn’t allowed to see the statistics");
        await UseAsync($"{coordinator.Address}#token={Tokens.Admin(coordinator)}");
        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("0");
        await Assertions.Expect(page.Locator("#access")).ToBeHiddenAsync();
        profile.AssertQuiet();

        async Task UseAsync(string token)
        {
            await page.FillAsync("#link", token);
            await page.ClickAsync("#access button");
        }
    }

    [Fact]
    public async Task TheCurlExample_RunsAsItStands_ToItsEnd()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        // Not the first task here: the example must not count on its id.
        await coordinator.Wire.SubmitAsync("{}");
        var page = await profile.OpenTabAsync("/");
        await page.ClickAsync("#start summary");
        var script = await page.TextContentAsync("#curl code");

        await AssertRunsAsync(coordinator, script!);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhereTokensAreRequired_TheExamplesSendOne()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync($"/#token={Tokens.Admin(coordinator)}");

        await Assertions.Expect(page.Locator("#curl code")).ToContainTextAsync("WEFT_TOKEN");

        await Assertions.Expect(page.Locator("#commands code")).ToContainTextAsync("export WEFT_TOKEN=weft_…");
        await Assertions.Expect(page.Locator("#csharp code"))
            .ToContainTextAsync("""new() { Token = Environment.GetEnvironmentVariable("WEFT_TOKEN") }""");
        var script = await page.TextContentAsync("#curl code");
        await AssertRunsAsync(coordinator,
            script!.Replace("weft_…", Tokens.Admin(coordinator), StringComparison.Ordinal));
        profile.AssertQuiet();
    }

    private static async Task AssertRunsAsync(CoordinatorProcess coordinator, string script)
    {
        var result = await Command.RunAsync(Command.Describe("sh", coordinator.Folder, ["-c", script]),
            Eventually.Max);
        Assert.True(result.ExitCode == 0, $"The example failed: {result}");
        using var task =
            JsonDocument.Parse(result.Output[result.Output.LastIndexOf("""{"id":""", StringComparison.Ordinal)..]);
        Assert.Equal("completed", task.RootElement.GetProperty("state").GetString());
        Assert.Equal(144, task.RootElement.GetProperty("result").GetInt32());
    }
}
