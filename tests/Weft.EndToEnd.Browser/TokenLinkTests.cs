using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The links that a coordinator with tokens prints, opened as a person would.</summary>
public sealed partial class TokenLinkTests(Chromium chromium)
{
    [Fact]
    public async Task TheWorkersLink_LetsItWork_AndTheTokenLeavesTheAddress()
    {
        await using var coordinator = await StartWithTokensAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        using var wire = new Wire(coordinator.Address, Token(coordinator, AdminLink()));
        var submitter = new Submitter(wire);
        var token = Token(coordinator, WorkerLink());
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
        await using var coordinator = await StartWithTokensAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";

        var page = await profile.StartWorkerAsync();

        await page.WaitForSelectorAsync("main[data-state=refused]");
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("The coordinator answered 401");
        await Assertions.Expect(page.Locator("#toggle")).ToHaveTextAsync("Try again");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheConsolesLink_ShowsTheNumbers()
    {
        await using var coordinator = await StartWithTokensAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);

        var page = await profile.OpenTabAsync($"/#token={Token(coordinator, AdminLink())}");

        await Assertions.Expect(page.Locator("#pending")).ToHaveTextAsync("0");
        profile.AssertQuiet();
    }

    private static async Task<CoordinatorProcess> StartWithTokensAsync()
    {
        var coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens");
        await Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output), static output => output.Contains("Ctrl+C", StringComparison.Ordinal));
        return coordinator;
    }

    private static string Token(CoordinatorProcess coordinator, Regex link) => link.Match(coordinator.Output).Groups[1].Value;

    [GeneratedRegex("Console .*/#token=(weft_[A-Za-z0-9_-]{43})", RegexOptions.CultureInvariant)]
    private static partial Regex AdminLink();

    [GeneratedRegex("Worker .*/worker/#token=(weft_[A-Za-z0-9_-]{43})", RegexOptions.CultureInvariant)]
    private static partial Regex WorkerLink();
}
