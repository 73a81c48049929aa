using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class LeaseTests
{
    private const int AttemptsMax = 5;
    private const int TaskCount = 300;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task ManyWorkersAtOnce_NeverGetTheSameTask()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        for (var number = 0; number < TaskCount; number++) await coordinator.Wire.SubmitAsync($"{number}");

        var claimed = await Task.WhenAll(Enumerable.Range(1, 16)
            .Select(number => ClaimAllAsync(coordinator.Wire, $"worker-{number}")));

        Assert.Equal(Enumerable.Range(1, TaskCount).Select(id => (long)id), claimed.SelectMany(ids => ids).Order());
        Assert.Equal(TaskCount, await coordinator.Wire.StatAsync("processing"));
    }

    [Fact]
    public async Task AWorkerThatVanishes_GivesItsTaskBack_NotBeforeTheLeaseEnds()
    {
        await using var coordinator = await StartWithShortLeasesAsync();
        var taskId = await coordinator.Wire.SubmitAsync("""{"n":1}""");
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(taskId, (await coordinator.Wire.ClaimAsync("vanishes"))!.TaskId);

        var again = await ClaimEventuallyAsync(coordinator.Wire, "takes-over");

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= Lease * 0.99, "Two workers held the task at once.");
        Assert.Equal(new Claim(taskId, """{"n":1}"""), again);
    }

    [Fact]
    public async Task ALease_OutlivesARestart_ButNotItsTime()
    {
        await using var coordinator = await StartWithShortLeasesAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        var started = TimeProvider.System.GetTimestamp();
        await coordinator.Wire.ClaimAsync("vanishes");
        await coordinator.KillAsync();
        await coordinator.StartAsync();

        Assert.Equal(taskId, (await ClaimEventuallyAsync(coordinator.Wire, "takes-over")).TaskId);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= Lease * 0.99, "Two workers held the task at once.");
    }

    [Fact]
    public async Task ALateResult_IsAccepted_AndTheTaskIsNotHandedOutAgain()
    {
        await using var coordinator = await StartWithShortLeasesAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        await coordinator.Wire.ClaimAsync("slow");
        await Eventually.SeeAsync("the lease ends", () => coordinator.Wire.OutcomeAsync(taskId),
            outcome => outcome.Status == "pending");

        await coordinator.Wire.CompleteAsync(taskId, """{"result":"late"}""");

        Assert.Equal(new Outcome("completed", "\"late\""), await coordinator.Wire.OutcomeAsync(taskId));
        Assert.Null(await coordinator.Wire.ClaimAsync("other"));
    }

    [Fact]
    public async Task OfTwoWorkersOnOneTask_TheFirstResultStays()
    {
        await using var coordinator = await StartWithShortLeasesAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        await coordinator.Wire.ClaimAsync("slow");
        await ClaimEventuallyAsync(coordinator.Wire, "quick");

        await coordinator.Wire.CompleteAsync(taskId, """{"result":"slow"}""");
        await coordinator.Wire.CompleteAsync(taskId, """{"result":"quick"}""");

        Assert.Equal(new Outcome("completed", "\"slow\""), await coordinator.Wire.OutcomeAsync(taskId));
    }

    [Fact]
    public async Task ATaskThatEveryWorkerDrops_Fails_AndIsNotHandedOutAgain()
    {
        await using var coordinator = await StartWithShortLeasesAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await ClaimEventuallyAsync(coordinator.Wire, $"vanishes-{attempt}");
        }

        await Eventually.SeeAsync("the task fails", () => coordinator.Wire.OutcomeAsync(taskId),
            outcome => outcome.Status == "failed");

        Assert.Equal(new Outcome("failed", "\"\""), await coordinator.Wire.OutcomeAsync(taskId));
        Assert.Null(await coordinator.Wire.ClaimAsync("other"));
        Assert.Equal(1, await coordinator.Wire.StatAsync("failed"));
    }

    private static Task<CoordinatorProcess> StartWithShortLeasesAsync() =>
        CoordinatorProcess.StartNewAsync("--lease-seconds", "1");

    private static async Task<Claim> ClaimEventuallyAsync(Wire wire, string workerId) =>
        (await Eventually.SeeAsync($"{workerId} gets a task", () => wire.ClaimAsync(workerId),
            claim => claim is not null))!;

    private static async Task<List<long>> ClaimAllAsync(Wire wire, string workerId)
    {
        var ids = new List<long>();
        // A coordinator that hands out a task twice may do so for ever.
        while (ids.Count <= TaskCount && await wire.ClaimAsync(workerId) is { } claim) ids.Add(claim.TaskId);
        return ids;
    }
}
