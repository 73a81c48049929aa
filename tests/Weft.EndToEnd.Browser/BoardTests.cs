using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>A volunteer gives a name, and takes it back.</summary>
public sealed class BoardTests(Chromium chromium)
{
    private const string Name = "<img src=x onerror=alert(1)> אדה";

    [Fact]
    public async Task AName_IsThanked_AsText_AndGoesWhenItIsTakenBack()
    {
        await using var coordinator = await Tokens.StartAsync("--board");
        await using var profile = await Profile.OpenAsync(chromium, coordinator, width: 390, height: 844);
        var submitter = new Submitter(new(coordinator.Address, Tokens.Admin(coordinator)));
        var module = await submitter.PushAsync("echo");
        var page = await profile.StartWorkerAsync($"#token={Tokens.Worker(coordinator)}", cores: 1);
        await page.FillAsync("#name", Name);
        await page.Locator("#name").BlurAsync();
        await Assertions.Expect(page.Locator("#name-note")).ToContainTextAsync("With your next task");

        // In a tab of its own, which gets the token by the link.
        var opened = page.Context.WaitForPageAsync();
        await page.ClickAsync("#name-note a");
        var board = await opened;
        await Assertions.Expect(board.Locator("#note")).ToContainTextAsync("Nobody is on the board yet.");
        Assert.DoesNotContain("token", board.Url, StringComparison.Ordinal);
        await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));
        await Assertions.Expect(board.Locator("#names bdi")).ToHaveTextAsync(Name);
        await Assertions.Expect(board.Locator("#names span")).ToContainTextAsync("1 task in");
        Assert.True(await board.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390);
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await board.EmulateMediaAsync(new() { ColorScheme = theme });
            Assert.Empty((await board.RunAxe()).Violations.Select(fault => $"{theme}: {fault.Id}"));
        }

        Assert.Empty((await page.RunAxe()).Violations.Select(static fault => fault.Id));
        await page.ReloadAsync();
        await page.ClickAsync("#toggle");
        await Assertions.Expect(page.Locator("#name")).ToHaveValueAsync(Name);
        await page.FillAsync("#name", "");
        await page.Locator("#name").BlurAsync();
        await Assertions.Expect(page.Locator("#name-note")).ToContainTextAsync("Your name is gone");
        await board.ReloadAsync();
        await Assertions.Expect(board.Locator("#note")).ToContainTextAsync("Nobody is on the board yet.");
        profile.AssertQuiet();
    }
}
