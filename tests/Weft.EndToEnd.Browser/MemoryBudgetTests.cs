using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What the tasks of a tab may use of the computer's memory together.</summary>
public sealed class MemoryBudgetTests(Chromium chromium) : IDisposable
{
    private const string Pool = "worker/worker-pool.js";
    private const string Told = "(navigator.deviceMemory ?? 4)";
    private const string Milliseconds = "2500";

    private readonly DirectoryInfo _web = Directory.CreateTempSubdirectory("weft-memory-");

    public void Dispose() => _web.Delete(recursive: true);

    // A computer of 4 GB, whatever this one has: its tabs may use half of it.
    [Theory]
    [InlineData(16, 2)]
    [InlineData(1_500, 1)]
    public async Task TasksRunSideBySide_AsFarAsTheTabHasMemoryForThem(int memoryMb, int atOnce)
    {
        var pool = await File.ReadAllTextAsync(Repository.PathOf($"src/Weft/wwwroot/{Pool}"),
            TestContext.Current.CancellationToken);
        Assert.Contains(Told, pool, StringComparison.Ordinal);
        _web.CreateSubdirectory("worker");
        await File.WriteAllTextAsync(Path.Combine(_web.FullName, Pool),
            pool.Replace(Told, "4", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--web", _web.FullName);
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var tasks = await submitter.SubmitManyAsync(await submitter.PushAsync("pause"), [Milliseconds, Milliseconds],
            run: $$"""{"memoryMb":{{memoryMb}}}""");
        var page = await profile.StartWorkerAsync();
        var most = 0;
        foreach (var task in tasks)
        {
            // One that waits for memory for long is given back, which is no failed attempt: each has but one.
            var state = await Eventually.SeeAsync($"task {task} ends", async () =>
            {
                most = Math.Max(most, await page.Locator("#running .task").CountAsync());
                return (await submitter.LookAsync(task)).GetProperty("state").GetString();
            }, static state => state is "completed" or "dead");
            Assert.Equal("completed", state);
        }

        Assert.Equal(atOnce, most);
        profile.AssertQuiet();
    }
}
