using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What holds for every page that Weft brings.</summary>
public sealed class PageTests(Chromium chromium)
{
    private const int WorkerPageBytesMax = 116_000;

    [Theory]
    [InlineData("/")]
    [InlineData("/worker/")]
    [InlineData("/docs/")]
    [InlineData("/lab/")]
    [InlineData("/samples/matrix/main/")]
    [InlineData("/samples/matrix/worker/")]
    public async Task APage_IsIsolated_Quiet_AndFitsAPhone(string path)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator, width: 390, height: 844);

        var page = await profile.OpenTabAsync(path);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390,
            "The page is wider than a phone.");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheWorkerPage_WithAllThatItNeeds_IsSmall()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var sizes = new List<Task<int>>();
        profile.Context.Response += (_, response) =>
            { if (!response.Url.Contains("/api/", StringComparison.Ordinal)) sizes.Add(SizeAsync(response)); };

        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=waiting]");

        var bytes = (await Task.WhenAll(sizes)).Sum();
        Assert.InRange(bytes, 10_000, WorkerPageBytesMax);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheWorkerPage_WorksByKeyboard()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync("/worker/");

        for (var links = 0; links < 10 && !await page.Locator("#toggle")
            .EvaluateAsync<bool>("button => button === document.activeElement"); links++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await Assertions.Expect(page.Locator("#toggle")).ToHaveTextAsync("Pause");
        profile.AssertQuiet();
    }

    private static async Task<int> SizeAsync(IResponse response)
    {
        var sizes = await response.Request.SizesAsync();
        return sizes.ResponseBodySize + sizes.ResponseHeadersSize;
    }
}
