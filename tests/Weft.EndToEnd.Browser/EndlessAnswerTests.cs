using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>Answers that never end, from whoever stands in the coordinator's place: they don't fill the tab.</summary>
public sealed class EndlessAnswerTests(Chromium chromium)
{
    // What was on its way when the browser hung up: buffers of both sides, which a busy machine fills. A browser that
    // doesn't hang up takes any amount, and the test's time runs out.
    private const long SlackBytes = 64 << 20;

    [Fact]
    public async Task OfAClaim_AndOfAProbe_TheBrowserHangsUp_AndGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator);
        front.Endless["/api/v1/tasks/"] = "application/json";
        front.Endless["/health"] = "application/json";
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");

        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("answered instead");
        await Eventually.SeeAsync("a probe", () => Task.FromResult(front.Taken.Count), static count => count == 2);
        front.Endless.Clear();

        Assert.Equal("7", (await submitter.FinishAsync(task)).Result);
        Assert.InRange(front.Taken["/api/v1/tasks/"], 0, (80 << 20) + SlackBytes);
        Assert.InRange(front.Taken["/health"], 0, SlackBytes);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task OfAModule_TheBrowserHangsUp_AndGivesTheTaskBack()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator);
        front.Endless["/api/v1/modules/"] = "application/wasm";
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");

        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#errors .name").First).ToHaveTextAsync($"Task {task} released");

        front.Endless.Clear();

        Assert.Equal("7", (await submitter.FinishAsync(task)).Result);
        Assert.InRange(front.Taken["/api/v1/modules/"], 0, (64 << 20) + SlackBytes);
        profile.AssertQuiet();
    }
}
