using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// Several tabs of one browser: the one that leads is one that works. By locks, and by talking on plain http.
/// </summary>
public sealed class TabTests(Chromium chromium)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APausedTab_LetsAnotherOneWork_AndFollowsItWhenItIsResumed(bool plainHttp)
    {
        await using var coordinator = await StartAsync("--open");
        await using var profile = await OpenAsync(coordinator, plainHttp);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");
        var first = await profile.StartWorkerAsync();
        await first.WaitForSelectorAsync("main[data-state=waiting]");
        var second = await profile.StartWorkerAsync();
        await second.WaitForSelectorAsync("main[data-state=following]");

        await first.ClickAsync("#toggle");
        await first.WaitForSelectorAsync("main[data-state=paused]");
        await second.WaitForSelectorAsync("main[data-state=waiting]");

        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", attempts: 2))).Result);
        await Assertions.Expect(second.Locator("#completed")).ToHaveTextAsync("1");
        await first.ClickAsync("#toggle");
        await first.WaitForSelectorAsync("main[data-state=following]");
        await second.ClickAsync("#toggle");
        await first.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARefusedTab_DoesNotStandInTheWayOfOneWithALink(bool plainHttp)
    {
        await using var coordinator = await StartTokensAsync();
        await using var profile = await OpenAsync(coordinator, plainHttp);
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        var submitter = new Submitter(admin);
        var old = await Tokens.CreateAsync(admin, "work");
        var first = await profile.StartWorkerAsync($"#token={old.Token}");
        await first.WaitForSelectorAsync("main[data-state=waiting]");

        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{old.Id}", null)).Status);
        await first.WaitForSelectorAsync("main[data-state=refused]", new() { Timeout = 60_000 });
        var second = await profile.StartWorkerAsync($"#token={(await Tokens.CreateAsync(admin, "work")).Token}");

        await second.WaitForSelectorAsync("main[data-state=waiting]");
        var echo = await submitter.PushAsync("echo");
        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(echo, "1"))).Result);
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATabThatWasNeverLetIn_DoesNotStandInTheWayOfOneWithALink(bool plainHttp)
    {
        await using var coordinator = await StartTokensAsync();
        await using var profile = await OpenAsync(coordinator, plainHttp);
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));

        var first = await profile.StartWorkerAsync();
        await first.WaitForSelectorAsync("main[data-state=refused]");
        var second = await profile.StartWorkerAsync($"#token={(await Tokens.CreateAsync(admin, "work")).Token}");

        await second.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TabsOfDifferentQueues_BothWork(bool plainHttp)
    {
        await using var coordinator = await StartAsync("--open");
        await using var profile = await OpenAsync(coordinator, plainHttp);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");

        var first = await profile.StartWorkerAsync("?queue=a");
        await first.WaitForSelectorAsync("main[data-state=waiting]");
        var second = await profile.StartWorkerAsync("?queue=b");
        await second.WaitForSelectorAsync("main[data-state=waiting]");

        Assert.Equal("1",
            (await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", more: ""","queue":"a" """))).Result);
        Assert.Equal("2",
            (await submitter.FinishAsync(await submitter.SubmitAsync(module, "2", more: ""","queue":"b" """))).Result);
        await Assertions.Expect(first.Locator("#completed")).ToHaveTextAsync("1");
        await Assertions.Expect(second.Locator("#completed")).ToHaveTextAsync("1");
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APageThatTheBrowserKeeps_LetsAnotherOneWork_AndFollowsItWhenItComesBack(bool plainHttp)
    {
        await using var coordinator = await StartAsync("--open");
        await using var profile = await OpenAsync(coordinator, plainHttp);
        var first = await profile.StartWorkerAsync();
        await first.WaitForSelectorAsync("main[data-state=waiting]");
        var second = await profile.StartWorkerAsync();
        await second.WaitForSelectorAsync("main[data-state=following]");

        // Going elsewhere and back, as the page is told of it: a browser under test keeps no pages.
        await first.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        await second.WaitForSelectorAsync("main[data-state=waiting]");
        await first.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await first.WaitForSelectorAsync("main[data-state=following]");
        Assert.Equal("waiting", await second.GetAttributeAsync("main", "data-state"));
        profile.AssertQuiet();
    }

    private static Task<CoordinatorProcess> StartAsync(params string[] options) =>
        CoordinatorProcess.StartNewAsync(["--public-name", Chromium.PlainHttpHost, .. options]);

    private static Task<CoordinatorProcess> StartTokensAsync() =>
        Tokens.StartAsync("--public-name", Chromium.PlainHttpHost);

    private async Task<Profile> OpenAsync(CoordinatorProcess coordinator, bool plainHttp)
    {
        var profile = await Profile.OpenAsync(chromium, coordinator, plainHttp: plainHttp);
        profile.ExpectedErrors.Add("The Cross-Origin-Opener-Policy header has been ignored");
        profile.ExpectedErrors.Add("the server responded with a status of 401");
        return profile;
    }
}
