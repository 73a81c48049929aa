using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>Results of megabytes, and a line that hardly carries them: the tab's other tasks go on.</summary>
public sealed class LargeResultTests(Chromium chromium)
{
    [Fact]
    public async Task ALargeResultOnASlowLine_KeepsItsLease_AndHoldsUpNobody()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator) { ResultBytesPerTenth = 15_000 };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        var submitter = new Submitter(coordinator.Wire);
        var echo = await submitter.PushAsync("echo");
        await profile.StartWorkerAsync();

        // Longer on its way than its lease lasts.
        var large = await submitter.SubmitAsync(await submitter.PushAsync("letters"), "3000000");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken);
        var small = await submitter.SubmitAsync(echo, "2");
        Assert.Equal("2", (await submitter.FinishAsync(small)).Result);
        Assert.Equal("leased", (await submitter.LookAsync(large)).GetProperty("state").GetString());

        Assert.Equal(3_000_002, (await submitter.FinishAsync(large)).Result?.Length);
        Assert.Equal(1, (await submitter.LookAsync(large)).GetProperty("attempt").GetInt32());
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ALargeResultThatNeverGetsThrough_FailsItsTaskAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator) { BreaksResults = true };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        profile.ExpectedError = "Failed to load resource";
        var submitter = new Submitter(coordinator.Wire);
        await profile.StartWorkerAsync();

        var large = await submitter.FinishAsync(
            await submitter.SubmitAsync(await submitter.PushAsync("letters"), "3000000"));
        var small = await submitter.FinishAsync(
            await submitter.SubmitAsync(await submitter.PushAsync("echo"), "2"));

        Assert.Equal("dead", large.State);
        Assert.Contains("could not be delivered", large.Error, StringComparison.Ordinal);
        Assert.Equal("2", small.Result);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ManyLargeResults_AreComputedNoFasterThanTheyAreDelivered()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator) { ResultBytesPerTenth = 500_000 };
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        // What waits to be delivered is to be seen from outside.
        await profile.Context.RouteAsync("**/worker/outbox.js", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new()
            {
                Response = answer,
                Body = (await answer.TextAsync()).Replace("export class Outbox {",
                    "export class Outbox { constructor() { self.outbox = this; }", StringComparison.Ordinal),
            });
        });
        var submitter = new Submitter(coordinator.Wire);
        var letters = await submitter.PushAsync("letters");
        var page = await profile.StartWorkerAsync();
        // The page learns how quick they are, and holds many.
        foreach (var id in await submitter.SubmitManyAsync(letters, Enumerable.Repeat("1", 500)))
        {
            Assert.Equal("\"x\"", (await submitter.FinishAsync(id)).Result);
        }

        await submitter.SubmitManyAsync(letters, Enumerable.Repeat("8000000", 100));
        var poller = page.Workers.Single(
            static worker => worker.Url.EndsWith("/poller.js", StringComparison.Ordinal));
        var held = 0L;
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System,
                TestContext.Current.CancellationToken);
            held = Math.Max(held, await poller.EvaluateAsync<long>("self.outbox.chars"));
        }

        // All of them are 800 MB. 32 MB may wait, and a few more were computed before that was known.
        Assert.InRange(held, 32L << 20, 100L << 20);
        profile.AssertQuiet();
    }
}
