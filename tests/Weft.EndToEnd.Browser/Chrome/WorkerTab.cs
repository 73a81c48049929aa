using Microsoft.Playwright;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// A coordinator and a tab at work on two cores, for all tests of a class that only look at what becomes of tasks: a
/// page of its own costs a test seconds. Whatever a module does, the next one finds the tab working.
/// </summary>
public sealed class WorkerTab(Chromium chromium) : IAsyncLifetime
{
    private Profile? profile;

    internal CoordinatorProcess Coordinator { get; private set; } = null!;

    internal Submitter Submitter { get; private set; } = null!;

    internal Profile Profile => profile!;

    internal IPage Page { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        profile = await Profile.OpenAsync(chromium, Coordinator);
        Submitter = new(Coordinator.Wire);
        Page = await profile.StartWorkerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (profile is not null) await profile.DisposeAsync();
        await Coordinator.DisposeAsync();
    }

    /// <summary>
    /// Runs a task to its end, which must be this one, and shows an error on the page. Then another: the tab goes on.
    /// </summary>
    internal async Task SeeEndAsync(string module, string payload, string run, Finished end)
    {
        var finished = await Submitter.FinishAsync(await Submitter.SubmitAsync(module, payload, run));
        var echo = await Submitter.PushAsync("echo");
        var next = await Submitter.FinishAsync(await Submitter.SubmitAsync(echo, "2"));

        Assert.Equal(end, finished);
        Assert.Equal("2", next.Result);
        if (end.Error is { } error) await Assertions.Expect(Page.Locator("#errors pre").First).ToHaveTextAsync(error);
        profile!.AssertQuiet();
    }
}
