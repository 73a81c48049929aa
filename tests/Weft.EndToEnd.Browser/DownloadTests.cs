using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// Modules that are slow to come, or don't come whole. Each task here has one attempt only: what isn't its fault must
/// not use it up.
/// </summary>
public sealed class DownloadTests(Chromium chromium)
{
    [Fact]
    public async Task ADownloadThatTakesLongerThanAnAnswerMay_IsWaitedFor()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        // 36 s for 720 kB.
        await using var front = new Front(coordinator) { ModuleBytesPerTenth = 2_000 };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync(await WasiModules.BuildAsync("echo", padding: 720_000),
            "application/wasm");
        var task = await submitter.SubmitAsync(module, "7");

        var page = await profile.StartWorkerAsync();

        await Assertions.Expect(page.Locator("#running .name").First).ToHaveTextAsync("Downloading a program");
        Assert.Equal(new Finished("completed", "7", null), await submitter.FinishAsync(task));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ADownloadThatIsCut_GivesTheTaskBack()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator) { Cuts = 2 };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");

        await profile.StartWorkerAsync();

        Assert.Equal(new Finished("completed", "7", null), await submitter.FinishAsync(task));
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(200, "text/html")]
    [InlineData(404, "text/html")]
    [InlineData(503, "text/plain")]
    public async Task APageOfAProxys_InTheModulesPlace_GivesTheTaskBack(int status, string type)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");
        await profile.Context.RouteAsync("**/api/v1/modules/*",
            route => route.FulfillAsync(new() { Status = status, ContentType = type, Body = "Sorry" }));

        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#errors .name").First).ToHaveTextAsync($"Task {task} released");
        await profile.Context.UnrouteAllAsync();

        Assert.Equal(new Finished("completed", "7", null), await submitter.FinishAsync(task));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AComputeWorkerWhoseScriptDoesNotCome_GivesTheTaskBack()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator) { Blocked = "/worker/compute.js" };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");

        var page = await profile.StartWorkerAsync();
        await Assertions.Expect(page.Locator("#errors .name").First).ToHaveTextAsync($"Task {task} released");
        front.Blocked = null;

        Assert.Equal(new Finished("completed", "7", null), await submitter.FinishAsync(task));
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BytesOfAnotherHash_AreNotRun_AndAreToldAsSuch(bool plainHttp)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--public-name",
            Chromium.PlainHttpHost, "--open");
        await using var profile = await Profile.OpenAsync(chromium, coordinator, plainHttp: plainHttp);
        profile.ExpectedError = "The Cross-Origin-Opener-Policy header has been ignored";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");
        var other = await WasiModules.BuildAsync("trap");
        await profile.Context.RouteAsync("**/api/v1/modules/*", route => route.FulfillAsync(new()
        {
            Status = 200, ContentType = "application/wasm", BodyBytes = other,
                Headers = new Dictionary<string, string> { ["Content-Length"] = $"{other.Length}" },
        }));

        await profile.StartWorkerAsync();

        Assert.StartsWith("The module’s bytes don’t match its hash", (await submitter.FinishAsync(task)).Error,
            StringComparison.Ordinal);
        profile.AssertQuiet();
    }
}
