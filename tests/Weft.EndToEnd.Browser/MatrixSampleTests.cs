using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The old way, in real tabs: Main and Worker in C#, compiled to WebAssembly, over the six endpoints.</summary>
public sealed class MatrixSampleTests(Chromium chromium)
{
    private const string Main = "/samples/matrix/main/";
    private const string Worker = "/samples/matrix/worker/?poll=100&start=1";

    [Fact]
    public async Task MainAndTwoWorkers_MultiplySeveralMatrices()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var main = await profile.OpenTabAsync(Main + "?poll=100");
        var workers = new[] { await profile.OpenTabAsync(Worker), await profile.OpenTabAsync(Worker) };
        foreach (var worker in workers) await worker.WaitForSelectorAsync("main[data-state=working]");

        await SubmitAsync(main, "[[1,2],[3,4]]", "[[5,6],[7,8]]");
        for (var n = 1; n <= 11; n++) await SubmitAsync(main, $"[[{n}]]", "[[3,-1]]");

        await Assertions.Expect(main.Locator(".task[data-state=Completed]")).ToHaveCountAsync(12);
        Assert.Equal("[[19,22],[43,50]]", await main.TextContentAsync("[data-task='1'] .product"));
        for (var n = 1; n <= 11; n++) Assert.Equal($"[[{3 * n},-{n}]]", await main.TextContentAsync($"[data-task='{n + 1}'] .product"));
        Assert.Equal(12, await coordinator.Wire.StatAsync("completed"));
        Assert.Equal(12, (await Task.WhenAll(workers.Select(DoneAsync))).Sum());
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData("[[1,2],[3]]", "[[1],[2]]", "A:")]
    [InlineData("[[1,2]]", "[[x]]", "B:")]
    [InlineData("[[1,2]]", "[[1]]", "A has 2 columns and B has 1 row")]
    public async Task BadMatrices_GetAMessage_AndAreNotSent(string a, string b, string message)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var main = await profile.OpenTabAsync(Main);

        await SubmitAsync(main, a, b);

        await Assertions.Expect(main.Locator(".problem")).ToContainTextAsync(message);
        Assert.Equal(0, await coordinator.Wire.StatAsync("totalTasks"));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AnOverflow_IsAnErrorToMain_AndNeverAWrongProduct()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var main = await profile.OpenTabAsync(Main + "?poll=100");
        await profile.OpenTabAsync(Worker + "&wait=1");

        await SubmitAsync(main, "[[2147483647]]", "[[2]]");

        await main.WaitForSelectorAsync("[data-task='1'][data-state=Failed]");
        Assert.Contains("does not fit in 32 bits", await main.TextContentAsync("[data-task='1']"), StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    private static async Task SubmitAsync(IPage main, string a, string b)
    {
        await main.FillAsync("#matrix-a", a);
        await main.FillAsync("#matrix-b", b);
        await main.Locator("button:enabled").First.ClickAsync();
    }

    private static async Task<int> DoneAsync(IPage worker) => int.Parse((await worker.TextContentAsync("#done"))!, System.Globalization.CultureInfo.InvariantCulture);
}
