using System.Diagnostics;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class StatsCommandTests
{
    [Fact]
    public async Task Stats_SumAllQueues()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("cubes");
        await coordinator.FinishAsync("squares", "complete", "\"result\":1");

        var lines = await coordinator.LinesAsync("stats");

        Assert.Equal(
            [["SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS"],
                ["0", "2", "0", "1", "0", "0", "1"]],
            lines.Select(RemoteWeft.Cells));
        // A worker that hasn't been seen for 10 s is away; a slow machine takes longer.
        Assert.StartsWith(
            """{"scheduled":0,"ready":2,"leased":0,"completed":1,"dead":0,"cancelled":0,"activeWorkers":""",
            Assert.Single(await coordinator.LinesAsync("stats", "--json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWatch_ShowsWhatChanges_UntilItIsStopped()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var watch = Process.Start(WeftBinary.Describe(Path.GetTempPath(), "stats", "--watch", "--json", "--url",
            coordinator.Address.ToString()))!;
        Assert.Equal(0, Ready(await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)));

        await coordinator.SubmitAsync("squares");
        await Eventually.SeeAsync("the watch shows the task",
            async () => Ready(await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)), ready =>
            ready == 1);

        watch.Send(UnixSignal.Interrupt);
        await watch.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Eventually.Max, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(await watch.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AWatch_SaysWhenAndHowFast()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var watch = Process.Start(WeftBinary.Describe(Path.GetTempPath(), "stats", "--watch", "--url",
            coordinator.Address.ToString()))!;
        Assert.Equal(["TIME", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS",
            "COMPLETED/S"], (await ReadAsync(watch)).Cells());
        var first = (await ReadAsync(watch)).Cells();
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", first[0]);
        Assert.Equal("-", first[^1]);

        await coordinator.SubmitAsync("squares");
        await coordinator.FinishAsync("squares", "complete", "\"result\":1");
        var line = await Eventually.SeeAsync("the completed task", () => ReadAsync(watch),
            static line => line.Cells()[4] == "1");
        Assert.True(double.Parse(line.Cells()[^1], System.Globalization.CultureInfo.InvariantCulture) > 0, line);

        watch.Send(UnixSignal.Interrupt);
        await watch.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Eventually.Max, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Workers_AreListedWithWhatTheyDid()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.FinishAsync("squares", "complete", "\"result\":1");

        var lines = (await coordinator.LinesAsync("workers")).Select(RemoteWeft.Cells).ToArray();

        Assert.Equal(["WORKER", "NOW", "LAST-SEEN", "CLAIMED", "COMPLETED", "FAILED", "IN-HAND"], lines[0]);
        Assert.Equal(["w", "active", "1", "1", "0", "-"], lines[1].Where((_, column) => column != 2));
        Assert.Equal("w", JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("workers", "--json")))
            .GetProperty("id").GetString());
    }

    private static async Task<string> ReadAsync(Process watch) =>
        (await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;

    private static int Ready(string? line) => JsonElement.Parse(line!).GetProperty("ready").GetInt32();
}
