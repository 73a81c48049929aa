using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Somebody sets the machine's clock, or the network does, while the coordinator runs.</summary>
public sealed class SqliteClockTests : IAsyncLifetime
{
    private static readonly NewTask Plain = new() { Payload = new("1"u8.ToArray(), IsJson: true), MaxAttempts = 2 };

    private readonly SqliteStoreHost _host = new();
    private ITaskStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await _host.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(30 * 24)]
    [InlineData(-30 * 24)]
    public async Task ALease_EndsWhenItsTimeIsOver_WhateverTheClockSays(double hours)
    {
        var id = await SubmitAsync(Plain);
        await ClaimAsync();
        await PassAsync(30);
        _host.SetClock(TimeSpan.FromHours(hours));
        Assert.Equal(0, await SweepAsync());
        await PassAsync(29);
        Assert.Equal((0, TaskState.Leased), (await SweepAsync(), await StateAsync(id)));
        await PassAsync(2);
        Assert.Equal((1, TaskState.Ready), (await SweepAsync(), await StateAsync(id)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task ALeaseThatIsKept_IsWorthItsTimeAfterTheJump(double hours)
    {
        await SubmitAsync(Plain);
        var claimed = await ClaimAsync();
        _host.SetClock(TimeSpan.FromHours(hours));
        var outcome =
            Assert.Single(
                await _store.ApplyAsync([new(claimed.Task.Id, new TaskCommand.Heartbeat(claimed.Task.Lease!.Token))]));
        Assert.Equal(_host.Now + Limits.LeaseTimeDefault, outcome.LeaseExpiresAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task DelaysAndExpiries_LastAsLongAsWasAskedFor(double hours)
    {
        var delayed = await SubmitAsync(Plain with { Delay = TimeSpan.FromSeconds(20) });
        var mortal = await SubmitAsync(Plain with { ExpiresIn = TimeSpan.FromSeconds(40), Queue = "mortal" });
        var failing = await SubmitAsync(Plain with { RunAt = _host.Now.AddSeconds(1), Queue = "failing" });
        await PassAsync(2);
        await SweepAsync();
        var claimed = await ClaimAsync("failing");
        await _store.ApplyAsync([new(failing,
            new TaskCommand.Fail(claimed.Task.Lease!.Token, "broken", MayRetry: true, Jitter: 0.99))]);
        var backoff = (await RecordAsync(failing)).RunAt!.Value - _host.Now;
        _host.SetClock(TimeSpan.FromHours(hours));
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(_host.Now + backoff, (await RecordAsync(failing)).RunAt);
        await PassAsync(19);
        await SweepAsync();
        Assert.Equal((TaskState.Ready, TaskState.Ready), (await StateAsync(delayed), await StateAsync(mortal)));
        await PassAsync(20);
        await SweepAsync();
        Assert.Equal(TaskState.Dead, await StateAsync(mortal));
    }

    [Fact]
    public async Task ATimeOfDay_IsWhatTheClockSays()
    {
        var tomorrow =
            await SubmitAsync(Plain with { RunAt = _host.Now.AddHours(24), ExpiresIn = TimeSpan.FromDays(3) });
        _host.SetClock(TimeSpan.FromHours(-1));
        Assert.Equal(0, await SweepAsync());
        await PassAsync(24 * 3_600 + 60);
        Assert.Equal(0, await SweepAsync());
        _host.SetClock(TimeSpan.FromHours(1));
        Assert.Equal((1, TaskState.Ready), (await SweepAsync(), await StateAsync(tomorrow)));
    }

    [Fact]
    public async Task AfterASuspension_LeasesAreOverAndTimesHaveCome()
    {
        // The machine's own clock counts on meanwhile, so that this is no jump.
        var (held, due) =
            (await SubmitAsync(Plain), await SubmitAsync(Plain with { RunAt = _host.Now.AddMinutes(30) }));
        await ClaimAsync();
        await PassAsync(3_600);
        Assert.Equal(2, await SweepAsync());
        Assert.Equal((TaskState.Ready, TaskState.Ready), (await StateAsync(held), await StateAsync(due)));
    }

    [Fact]
    public async Task ResultsFromBeforeTheClockWasSetRight_AreNotOldForThat()
    {
        var before = await CompleteAsync();
        await PassAsync(10);
        _host.SetClock(TimeSpan.FromDays(30));
        var after = await CompleteAsync();
        Assert.Equal(_host.Now.AddSeconds(-10), (await RecordAsync(before)).FinishedAt);
        Assert.Equal((_host.Now, _host.Now),
            ((await RecordAsync(after)).FinishedAt, (await RecordAsync(after)).SubmittedAt));
        await _store.DisposeAsync();
        _store = await _host.OpenAsync();
        Assert.Equal(0, await _store.DeleteFinishedAsync(TimeSpan.FromDays(7), 10));
        await PassAsync(7 * 24 * 3_600 + 20);
        Assert.Equal(2, await _store.DeleteFinishedAsync(TimeSpan.FromDays(7), 10));
    }

    [Fact]
    public async Task ResultsOfEarlierRuns_KeepTheirTimes()
    {
        var id = await CompleteAsync();
        var finished = _host.Now;
        await PassAsync(60);
        await _store.DisposeAsync();
        _store = await _host.OpenAsync();
        _host.SetClock(TimeSpan.FromDays(30));
        await SweepAsync();
        Assert.Equal(finished, (await RecordAsync(id)).FinishedAt);
    }

    private async Task<TaskId> CompleteAsync()
    {
        var id = await SubmitAsync(Plain);
        await ClaimAsync();
        await _store.ApplyAsync([new(id, new TaskCommand.Complete(null, "1"u8.ToArray()))]);
        return id;
    }

    private Task PassAsync(double seconds) => _host.AdvanceAsync(TimeSpan.FromSeconds(seconds));

    private async Task<TaskId> SubmitAsync(NewTask task) => Assert.Single((await _store.SubmitAsync(new([task]))).Ids);

    private async Task<ClaimedTask> ClaimAsync(string queue = Limits.QueueDefault) =>
        Assert.Single(await _store.ClaimAsync(new() { WorkerId = "w", Queues = [queue] }));

    private Task<int> SweepAsync() => _store.SweepAsync(Limits.SweepBatchMax);

    private async Task<TaskRecord> RecordAsync(TaskId id) => (await _store.FindAsync(id, TaskParts.Record))!.Task;

    private async Task<TaskState> StateAsync(TaskId id) => (await RecordAsync(id)).State;
}
