using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// A proxy that answers in the coordinator's place, answers that are cut, and a coordinator that asks for time: an
/// unattended page goes on.
/// </summary>
public sealed class DisturbedConnectionTests(Chromium chromium)
{
    private const string Page = "<!doctype html><title>Sorry</title><p>There is nobody here.";

    [Theory]
    [InlineData(200, "text/html", Page)]
    [InlineData(403, "text/html", Page)]
    [InlineData(404, "text/html", Page)]
    [InlineData(429, "text/html", Page)]
    [InlineData(502, "text/html", Page)]
    [InlineData(401, "application/json", """{"message":"Sign in"}""")]
    [InlineData(200, "application/json", """{"tasks":[{"id":1,"qu""")]
    [InlineData(200, "application/json", """{"message":"Sign in"}""")]
    [InlineData(200, "application/json", "")]
    public async Task AnAnswerThatIsNotTheCoordinators_EndsNothing(int status, string type, string body)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of";
        var submitter = new Submitter(coordinator.Wire);
        var task = await submitter.SubmitAsync(await submitter.PushAsync("echo"), "7");
        await profile.Context.RouteAsync("**/api/v1/tasks/**",
            route => route.FulfillAsync(new() { Status = status, ContentType = type, Body = body }));

        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=away]");
        await Assertions.Expect(page.Locator("#reason")).ToContainTextAsync("answered instead");
        await profile.Context.UnrouteAllAsync();

        Assert.Equal("7", (await submitter.FinishAsync(task)).Result);
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AProxysLimitOnBodies_FailsTheTaskThatIsTooLarge_AndNoOther()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 413";
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("echo");
        await profile.Context.RouteAsync("**/api/v1/tasks/**", route => (route.Request.PostData?.Length ?? 0) > 100_000
            ? route.FulfillAsync(new() { Status = 413, ContentType = "text/html", Body = Page })
            : route.ContinueAsync());

        await profile.StartWorkerAsync();
        var large = await submitter.SubmitAsync(module, $"\"{new string('x', 200_000)}\"");
        var small = await submitter.SubmitAsync(module, "7");

        Assert.Equal("7", (await submitter.FinishAsync(small)).Result);
        Assert.Contains("rejected a body of this size", (await submitter.FinishAsync(large)).Error,
            StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheCoordinatorsOwn429_IsWaitedFor()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 429";
        await profile.Context.RouteAsync("**/api/v1/tasks/**", route => route.FulfillAsync(new()
        {
            Status = 429,
            ContentType = "application/problem+json",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "50" },
            Body = """{"status":429,"code":"rate_limited","detail":"This token asks more often than it may."}""",
        }));

        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=busy]");
        await Assertions.Expect(page.Locator("#countdown"))
            .ToContainTextAsync(new System.Text.RegularExpressions.Regex("Retrying in [345][0-9] s"));
        await profile.Context.UnrouteAllAsync();
        await page.ClickAsync("#now");

        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ACoordinatorThatIsLongAway_IsAskedForEveryFewSeconds()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Failed to load resource: net::ERR_";
        var page = await profile.StartWorkerAsync();
        await page.WaitForSelectorAsync("main[data-state=waiting]");

        await coordinator.KillAsync();
        await page.WaitForSelectorAsync("main[data-state=away]");
        var asked = 0;
        profile.Context.Request += (_, request) =>
            { if (request.Url.EndsWith("/health", StringComparison.Ordinal)) Interlocked.Increment(ref asked); };
        // By now one that doubles its pauses would ask every 15 s.
        await Eventually.SeeAsync("six more questions", () => Task.FromResult(Volatile.Read(ref asked)),
            static count => count >= 6);

        Assert.Matches("Retrying( in [1-3] s\\.| …)", await page.TextContentAsync("#countdown"));
        Assert.Equal("No answer · Weft", await page.TitleAsync());
        await coordinator.StartAsync();
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        profile.AssertQuiet();
    }
}
