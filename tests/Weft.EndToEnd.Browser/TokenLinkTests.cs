using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The links that a coordinator with tokens prints, opened as a person would.</summary>
public sealed class TokenLinkTests(Chromium chromium)
{
    [Fact]
    public async Task TheWorkersLink_LetsItWork_AndTheTokenLeavesTheAddress()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        using var wire = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        var submitter = new Submitter(wire);
        var token = Tokens.Worker(coordinator);
        var asked = new List<string>();
        profile.Context.Request += (_, request) => asked.Add(request.Url);

        var page = await profile.StartWorkerAsync($"#token={token}");
        var result = await submitter.FinishAsync(await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7"));

        Assert.Equal("7", result.Result);
        Assert.Equal(new Uri(coordinator.Address, "/worker/").ToString(), page.Url);
        Assert.DoesNotContain(asked, url => url.Contains("weft_", StringComparison.Ordinal));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WithoutAToken_ThePageSaysWhoRefusesIt()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";

        var page = await profile.StartWorkerAsync();

        await page.WaitForSelectorAsync("main[data-state=refused]");
        await Assertions.Expect(page.Locator("#reason"))
            .ToContainTextAsync("requires a worker link. Ask the administrator");
        await Assertions.Expect(page.Locator("#technical-text")).ToContainTextAsync("The coordinator answered 401");
        await Assertions.Expect(page.Locator("#toggle")).ToHaveTextAsync("Try again");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ALinkPastedIntoThePage_LetsItWork_EvenAfterAReload()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=refused]");

        await page.FillAsync("#link", "no link at all");
        await page.ClickAsync("#access button");
        await page.WaitForSelectorAsync("#link-wrong:visible");
        await page.FillAsync("#link", $"http://192.0.2.1:8080/worker/#token={Tokens.Worker(coordinator)}");
        await page.ClickAsync("#access button");
        await page.WaitForSelectorAsync("#elsewhere:visible");
        await page.FillAsync("#link", $"{coordinator.Address}worker/?queue=ours#token={Tokens.Worker(coordinator)}");
        await page.ClickAsync("#access button");

        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await Assertions.Expect(page.Locator("#queues")).ToHaveValueAsync("ours");
        await page.ReloadAsync();
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheConsolesLink_PastedIntoTheWorkerPage_Works_AndIsSaidToBeMoreThanItNeeds()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=refused]");

        await page.FillAsync("#link", $"{coordinator.Address}#token={Tokens.Admin(coordinator)}");
        await page.ClickAsync("#access button");

        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("paste a worker link instead");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheConsolesToken_IsNotTheWorkerPages_NorTheOtherWayRound()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";

        var page = await profile.OpenTabAsync($"/#token={Tokens.Admin(coordinator)}");
        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("0");
        await page.ClickAsync("nav a:text-is('Worker')");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=refused]");

        var other = await profile.OpenTabAsync($"/worker/#token={Tokens.Worker(coordinator)}");
        await other.ClickAsync("nav a:text-is('Console')");
        await Assertions.Expect(other.Locator("#trouble")).ToContainTextAsync("token");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AMistypedQueue_IsNamedToAWorkersToken()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);

        var page = await profile.StartWorkerAsync($"?queue=sqares#token={Tokens.Worker(coordinator)}");

        // By the answer of its first claim, which is held for 20 s.
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("The coordinator has no queue sqares yet.",
            new() { Timeout = 40_000 });
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheConsolesLink_ShowsTheNumbers()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);

        var page = await profile.OpenTabAsync($"/#token={Tokens.Admin(coordinator)}");

        await Assertions.Expect(page.Locator("#ready")).ToHaveTextAsync("0");
        profile.AssertQuiet();
    }
}
