using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Conformance;

/// <summary>What is kept of a task's attempts, and since when it is ready.</summary>
public abstract class HistoryConformance(IStoreHost host) : TaskStoreConformance(host)
{
    [Fact]
    public async Task History_HasEachAttempt_AsItEnded()
    {
        var id = await SubmitAsync();
        var claims = new List<ClaimedTask>();
        await FailAsync(await ClaimAsync());
        await AcceptAsync(id, new TaskCommand.Release(TokenOf(await ClaimAsync())));
        await ClaimAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await ClaimAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await CompleteAsync(claims[^1]);
        await ReopenAsync();

        var history = await HistoryAsync(id);
        Assert.Equal([1, 2, 3, 4], history.Select(static attempt => attempt.Attempt));
        Assert.Equal(
            [AttemptOutcome.Failed, AttemptOutcome.Released, AttemptOutcome.Lapsed, AttemptOutcome.Completed],
            history.Select(static attempt => attempt.Outcome!.Value));
        Assert.Equal(["broken", null, "Worker worker did not finish within its lease.", null],
            history.Select(static attempt => attempt.Error));
        Assert.All(history, static attempt => Assert.Equal("worker", attempt.WorkerId));
        Assert.Equal(claims.Select(static claim => claim.Task.Lease!.ClaimedAt),
            history.Select(static attempt => attempt.ClaimedAt));
        Assert.Equal((await RecordAsync(id)).FinishedAt, history[^1].EndedAt);
        Assert.Equal(history[^1].ClaimedAt, history[2].EndedAt);

        async Task<ClaimedTask> ClaimAsync()
        {
            claims.Add(await ClaimOneAsync());
            return claims[^1];
        }
    }

    [Fact]
    public async Task FirstComplete_IsInTheHistory_AndSoIsWhatRuns()
    {
        var id = await SubmitAsync();
        Assert.Empty(await HistoryAsync(id));
        var claimed = await ClaimOneAsync();
        var running = Assert.Single(await HistoryAsync(id));
        Assert.Equal(new(1, "worker", claimed.Task.Lease!.ClaimedAt, null, null), running);
        await CompleteAsync(claimed);
        Assert.Equal(running with { EndedAt = (await RecordAsync(id)).FinishedAt, Outcome = AttemptOutcome.Completed },
            Assert.Single(await HistoryAsync(id)));
    }

    [Fact]
    public async Task LateWork_TakesThePlaceOfTheLapse()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        Assert.Equal(AttemptOutcome.Lapsed, Assert.Single(await HistoryAsync(id)).Outcome);
        await CompleteAsync(claimed);
        await ReopenAsync();
        Assert.Equal((AttemptOutcome.Completed, null),
            Assert.Single(await HistoryAsync(id)) is var attempt ? (attempt.Outcome!.Value, attempt.Error) : default);
    }

    [Fact]
    public async Task Heartbeat_AfterALapse_TakesTheLapseBack()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await SweepAsync();
        await AcceptAsync(id, new TaskCommand.Heartbeat(TokenOf(claimed)));
        Assert.Equal(new(1, "worker", claimed.Task.Lease!.ClaimedAt, null, null),
            Assert.Single(await HistoryAsync(id)));
        await CompleteAsync(claimed);
        Assert.Equal(AttemptOutcome.Completed, Assert.Single(await HistoryAsync(id)).Outcome);
    }

    [Fact]
    public async Task LapseAndHeartbeat_InOneCommit_LeaveTheAttemptRunning()
    {
        var id = await SubmitAsync();
        var claimed = await ClaimOneAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await Store.ApplyAsync([new(id, TaskCommand.Tick.Instance),
            new(id, new TaskCommand.Heartbeat(TokenOf(claimed)))]);
        Assert.Null(Assert.Single(await HistoryAsync(id)).EndedAt);
    }

    [Fact]
    public async Task CancelAndExpiry_InAWorkersHands_EndTheAttempt()
    {
        var (cancelled, expired, waiting) = (await SubmitAsync(),
            await SubmitAsync(Plain with { ExpiresIn = TimeSpan.FromSeconds(30) }), await SubmitAsync());
        Assert.Equal([cancelled, expired], await ClaimIdsAsync(2));
        await AcceptAsync(cancelled, TaskCommand.Cancel.Instance);
        await AcceptAsync(waiting, TaskCommand.Cancel.Instance);
        await AdvanceAsync(TimeSpan.FromSeconds(31));
        await SweepAsync();
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(await HistoryAsync(cancelled)).Outcome);
        Assert.Equal(AttemptOutcome.Expired, Assert.Single(await HistoryAsync(expired)).Outcome);
        Assert.Empty(await HistoryAsync(waiting));
    }

    [Fact]
    public async Task Retry_KeepsTheAttemptsBefore()
    {
        var id = await SubmitAsync(Plain with { MaxAttempts = 1 });
        await FailAsync(await ClaimOneAsync());
        await AcceptAsync(id, TaskCommand.Retry.Instance);
        await CompleteAsync(await ClaimOneAsync());
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Completed],
            (await HistoryAsync(id)).Select(static attempt => attempt.Outcome!.Value));
    }

    [Fact]
    public async Task ManyReleases_LeaveTheNewestAttempts()
    {
        var id = await SubmitAsync();
        const int Releases = Limits.AttemptsKeptMax + 3;
        for (var i = 0; i < Releases; i++)
            await AcceptAsync(id, new TaskCommand.Release(TokenOf(await ClaimOneAsync())));
        Assert.Equal(Enumerable.Range(4, Limits.AttemptsKeptMax),
            (await HistoryAsync(id)).Select(static attempt => attempt.Attempt));
    }

    [Fact]
    public async Task History_GoesWithItsTask()
    {
        var id = await SubmitAsync();
        await FailAsync(await ClaimOneAsync(), mayRetry: false);
        Assert.Single(await HistoryAsync(id));
        Assert.Equal(1, await Store.DeleteFinishedAsync(TimeSpan.Zero, 10));
        Assert.Null(await Store.FindHistoryAsync(id));
    }

    [Fact]
    public async Task History_SaysWhoseTheTaskIs()
    {
        var id = Assert.Single((await Store.SubmitAsync(new([Plain], Owner: new TokenId(7)))).Ids);
        Assert.Equal(new TokenId(7), (await Store.FindHistoryAsync(id))!.Owner);
    }

    [Fact]
    public async Task ReadyAt_IsWhenTheTaskBecameReadyLast()
    {
        var (now, later) = (await SubmitAsync(), await SubmitAsync(Plain with { Delay = TimeSpan.FromSeconds(10) }));
        var submitted = await RecordAsync(now);
        Assert.Equal(submitted.SubmittedAt, submitted.ReadyAt);
        Assert.Null((await RecordAsync(later)).ReadyAt);
        await AdvanceAsync(TimeSpan.FromSeconds(11));
        await SweepAsync();
        var ready = await RecordAsync(later);
        Assert.True(ready.ReadyAt >= ready.SubmittedAt + TimeSpan.FromSeconds(10), $"{ready.ReadyAt}");

        var claimed = await ClaimOneAsync();
        Assert.Equal(submitted.ReadyAt, claimed.Task.ReadyAt);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await AcceptAsync(now, new TaskCommand.Release(TokenOf(claimed)));
        await ReopenAsync();
        var released = await RecordAsync(now);
        Assert.True(released.ReadyAt >= claimed.Task.Lease!.ClaimedAt + TimeSpan.FromSeconds(1), $"{released.ReadyAt}");
        await CompleteAsync(await ClaimOneAsync());
        Assert.Equal(released.ReadyAt, (await RecordAsync(now)).ReadyAt);
    }

    private static LeaseToken TokenOf(ClaimedTask claimed) => claimed.Task.Lease!.Token;

    private async Task<IReadOnlyList<TaskAttempt>> HistoryAsync(TaskId id)
    {
        var history = await Store.FindHistoryAsync(id);
        Assert.NotNull(history);
        Assert.Equal(await RecordAsync(id), history.Task);
        return history.Attempts;
    }
}
