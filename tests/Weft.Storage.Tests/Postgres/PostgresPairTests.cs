using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>A primary with a synchronous standby: nothing is a success before the standby has it.</summary>
public sealed class PostgresPairTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly IdempotencyKey Key = new("once", "fingerprint"u8.ToArray());

    private PostgresPair _pair = null!;

    public async ValueTask InitializeAsync() => _pair = await PostgresPair.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        await _pair.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WhatWasAnswered_SurvivesOnePrimaryAfterTheOther()
    {
        await using var store = await OpenAsync();
        var ids = new List<TaskId>();
        for (var round = 0; round < 3; round++)
        {
            ids.Add(await SubmitAsync(store));
            await _pair.LosePrimaryAsync();
            await Assert.ThrowsAsync<StoreException>(() => SubmitAsync(store));
            Assert.NotNull(await store.CheckHealthAsync());
            await _pair.PromoteAsync();
            await UntilHealthyAsync(store);
            await _pair.RepairAsync();
        }

        foreach (var id in ids) Assert.NotNull(await store.FindAsync(id, TaskParts.Record));
    }

    [Theory]
    [InlineData("pg_cancel_backend")]
    [InlineData("pg_terminate_backend")]
    public async Task ACommitWhoseWaitForTheStandbyIsBroken_IsNotAnsweredAsASuccess(string breakIt)
    {
        await using var store = await OpenAsync(patience: Deadline);
        // So that there is a lane: making one is a commit of its own.
        await SubmitAsync(store);
        await _pair.Standby!.KillAsync();
        var submit = SubmitAsync(store, Key);
        await BreakWaitAsync(breakIt);
        Assert.Equal(StoreErrorKind.Unknown, (await Assert.ThrowsAsync<StoreException>(() => submit)).Kind);
    }

    [Fact]
    public async Task AKeyWhoseTasksAreNotReplicated_IsNotAnsweredAsASuccessEither_UntilTheyAre()
    {
        await using var store = await OpenAsync(patience: Deadline);
        await SubmitAsync(store);
        await _pair.Standby!.KillAsync();
        var submit = SubmitAsync(store, Key);
        await BreakWaitAsync("pg_cancel_backend");
        await Assert.ThrowsAsync<StoreException>(() => submit);

        // The key is there to see, and would be lost with the primary.
        var repeat = SubmitAsync(store, Key);
        await BreakWaitAsync("pg_cancel_backend");
        Assert.Equal(StoreErrorKind.Unknown, (await Assert.ThrowsAsync<StoreException>(() => repeat)).Kind);

        await _pair.Standby.StartAsync();
        var id = await SubmitAsync(store, Key);
        await _pair.LosePrimaryAsync();
        await _pair.PromoteAsync();
        await UntilHealthyAsync(store);
        Assert.NotNull(await store.FindAsync(id, TaskParts.Record));
    }

    [Fact]
    public async Task ACommitThatOnlyACrashMadeVisible_IsNotRead_BeforeTheStandbyHasIt()
    {
        await using var before = await OpenAsync();
        var id = await SubmitAsync(before);
        await _pair.Standby!.KillAsync();
        await Assert.ThrowsAsync<StoreException>(() => before.ApplyAsync([new(id, new TaskCommand.Cancel())]));
        await _pair.Primary.KillAsync();
        await _pair.Primary.StartAsync();

        // Recovery takes all that the log holds for committed.
        await using var store = await OpenAsync();
        var trouble = await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(id, TaskParts.Record));
        Assert.Equal(StoreErrorKind.Unavailable, trouble.Kind);
        await _pair.Standby.StartAsync();
        await UntilHealthyAsync(store);
        Assert.Equal(TaskState.Cancelled, (await store.FindAsync(id, TaskParts.Record))!.Task.State);
    }

    [Fact]
    public async Task AStandbyThatIsGoneForGood_HoldsNobodyForLongerThanTheirPatience_AndIsTrouble()
    {
        await using var store = await OpenAsync();
        await SubmitAsync(store);
        await _pair.Standby!.KillAsync();
        Assert.NotNull(await store.CheckHealthAsync());
        for (var i = 0; i < 4; i++)
        {
            var refused =
                await Assert.ThrowsAsync<StoreException>(() =>
                    SubmitAsync(store).WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken));
            Assert.True(refused.Kind is StoreErrorKind.Unknown or StoreErrorKind.Unavailable);
        }

        // The operator gives it up: what waited for it is committed now.
        await _pair.Primary.ExecuteAsync("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''");
        await _pair.Primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await UntilHealthyAsync(store);
        await SubmitAsync(store);
    }

    private Task<PostgresTaskStore> OpenAsync(TimeSpan? patience = null) => PostgresTaskStore.OpenAsync(new()
    {
        ConnectionString = _pair.ConnectionString("postgres"), OperationTimeMax = patience ?? TimeSpan.FromSeconds(4),
    });

    /// <summary>Waits for a commit that waits for its standby, and interrupts it.</summary>
    private async Task BreakWaitAsync(string breakIt)
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        while (await _pair.Primary.AskAsync("postgres",
            $"SELECT count({breakIt}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "0")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }

    private static async Task UntilHealthyAsync(PostgresTaskStore store)
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        while (await store.CheckHealthAsync() is not null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
    }

    private static async Task<TaskId> SubmitAsync(PostgresTaskStore store, IdempotencyKey? key = null) =>
        (await store.SubmitAsync(new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }], key))).Ids[0];
}
