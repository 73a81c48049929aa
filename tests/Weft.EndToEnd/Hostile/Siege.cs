using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

/// <summary>
/// A coordinator under attack, and what must be so afterwards: it runs, answers, has stored nothing, and holds no more
/// memory than before.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    // The runtime keeps some of what it had; an attack's megabytes must be gone.
    private const long MemoryLeftMax = 160L << 20;

    private readonly long memoryBefore;
    private long honestTasks = 1;

    private Siege(CoordinatorProcess coordinator)
    {
        Coordinator = coordinator;
        memoryBefore = coordinator.ResidentBytes;
    }

    public CoordinatorProcess Coordinator { get; }

    public Uri Address => Coordinator.Address;

    public Wire Wire => Coordinator.Wire;

    public long MemoryGrowth => Coordinator.ResidentBytes - memoryBefore;

    public static async Task<Siege> BeginAsync(params string[] options)
    {
        var coordinator = await CoordinatorProcess.StartNewAsync(options);
        // One of each, so that what the first of its kind costs isn't taken for a leak.
        var task = await coordinator.Wire.SubmitAsync("{}");
        await coordinator.Wire.ClaimAsync("honest");
        await coordinator.Wire.CompleteAsync(task, "1");
        return new(coordinator);
    }

    /// <summary>An honest client's whole cycle: submit, claim, complete, read.</summary>
    public async Task ServeHonestClientAsync(int cycles = 1)
    {
        for (var i = 0; i < cycles; i++)
        {
            var task = await Wire.SubmitAsync("{\"honest\":true}");
            var claim = await Wire.ClaimAsync("honest", waitSeconds: 20);
            Assert.Equal(task, claim!.TaskId);
            honestTasks++;
            await Wire.CompleteAsync(task, "{\"result\":\"ok\"}");
            Assert.Equal(new Outcome("completed", "\"ok\""), await Wire.OutcomeAsync(task));
        }
    }

    /// <param name="stored">Tasks that the attack itself may have stored, being a valid request among others.</param>
    public async Task AssertUnharmedAsync(long stored = 0)
    {
        Assert.Equal(honestTasks + stored, await Wire.StatAsync("totalTasks"));
        // What the attack was allowed to store would be handed to the honest client first.
        while (await Wire.ClaimAsync("drain") is { } left) await Wire.CompleteAsync(left.TaskId, "1");
        await ServeHonestClientAsync();
        await AssertHealthyAsync();
    }

    /// <summary>It runs, answers, and holds no more memory than before.</summary>
    public async Task AssertHealthyAsync()
    {
        Assert.True(Coordinator.IsRunning, "The coordinator has ended.");
        Assert.Equal(200, (await Wire.GetAsync("/health")).Status);
        await Eventually.SeeAsync("memory is back", () => Task.FromResult(MemoryGrowth),
            static growth => growth < MemoryLeftMax, 2 * Eventually.Max);
    }

    public ValueTask DisposeAsync() => Coordinator.DisposeAsync();
}
