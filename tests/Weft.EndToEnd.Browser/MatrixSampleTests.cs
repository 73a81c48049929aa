using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The sample in real tabs: Main and Worker in C#, compiled to WebAssembly, on a queue of their own.</summary>
public sealed class MatrixSampleTests(Chromium chromium)
{
    private const string Main = "/samples/matrix/main/";
    private const string Worker = "/samples/matrix/worker/?start=1";

    [Fact]
    public async Task MainAndTwoWorkers_MultiplySeveralMatrices()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var main = await profile.OpenTabAsync(Main);
        var workers = new[] { await profile.OpenTabAsync(Worker), await profile.OpenTabAsync(Worker) };
        foreach (var worker in workers) await worker.WaitForSelectorAsync("main[data-state=working]");

        await SubmitAsync(main, "[[1,2],[3,4]]", "[[5,6],[7,8]]");
        for (var n = 1; n <= 11; n++) await SubmitAsync(main, $"[[{n}]]", "[[3,-1]]");

        await Assertions.Expect(main.Locator(".task[data-state=Completed]")).ToHaveCountAsync(12);
        Assert.Equal("[[19,22],[43,50]]", await main.TextContentAsync("[data-task='1'] .product"));
        for (var n = 1; n <= 11; n++)
        {
            Assert.Equal($"[[{3 * n},-{n}]]", await main.TextContentAsync($"[data-task='{n + 1}'] .product"));
        }
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

        await Assertions.Expect(main.Locator("#problem")).ToContainTextAsync(message);
        Assert.Equal(0, await coordinator.Wire.StatAsync("totalTasks"));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AnOverflow_IsAnErrorToMain_AndNeverAWrongProduct()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var main = await profile.OpenTabAsync(Main);
        await profile.OpenTabAsync(Worker);

        await SubmitAsync(main, "[[2147483647]]", "[[2]]");

        await main.WaitForSelectorAsync("[data-task='1'][data-state=Failed]");
        Assert.Contains("does not fit in 32 bits", await main.TextContentAsync("[data-task='1']"),
            StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task OtherProgramsTasks_AreLeftAlone_AndStrangeOnesOfItsQueueFail()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var others = await coordinator.Wire.SubmitAsync("5");
        var strange = (
            await coordinator.Wire.PostAsync("/api/v1/tasks", """{"queue":"matrix","payload":5}""")).Json.GetProperty(
            "id").GetInt64();
        var main = await profile.OpenTabAsync(Main);
        await profile.OpenTabAsync(Worker);

        await SubmitAsync(main, "[[2]]", "[[3]]");

        await Assertions.Expect(main.Locator(".task[data-state=Completed] .product")).ToHaveTextAsync("[[6]]");
        Assert.Equal(new Finished("dead", null, "This task is not a matrix multiplication."),
            await submitter.FinishAsync(strange));
        Assert.Equal("ready", (await submitter.LookAsync(others)).GetProperty("state").GetString());
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ACoordinatorWithTokens_TakesThemByLinkAndByField()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        profile.Context.Request += (_, request) => asked.Enqueue(request.Url);
        var main = await profile.OpenTabAsync(Main + $"#token={Tokens.Admin(coordinator)}");
        var worker = await profile.OpenTabAsync(Worker);
        await worker.FillAsync("#link", $"{coordinator.Address}worker/#token={Tokens.Worker(coordinator)}");
        await worker.ClickAsync("#access button");

        await SubmitAsync(main, "[[2]]", "[[3]]");

        await Assertions.Expect(main.Locator(".task[data-state=Completed] .product")).ToHaveTextAsync("[[6]]");
        Assert.DoesNotContain("token", main.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(asked, url => url.Contains("weft_", StringComparison.Ordinal));
        profile.AssertQuiet();
    }

    private static async Task SubmitAsync(IPage main, string a, string b)
    {
        await main.FillAsync("#matrix-a", a);
        await main.FillAsync("#matrix-b", b);
        await main.Locator("#submit:enabled").ClickAsync();
    }

    private static async Task<int> DoneAsync(IPage worker) =>
        int.Parse((await worker.TextContentAsync("#done"))!, System.Globalization.CultureInfo.InvariantCulture);
}
