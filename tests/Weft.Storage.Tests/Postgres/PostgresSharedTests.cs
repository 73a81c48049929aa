using System.Threading.Channels;
using Npgsql;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Postgres;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>Several stores on one database, as several coordinators have it.</summary>
public sealed class PostgresSharedTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Open_ByManyAtOnce_MakesTheTablesOnce()
    {
        var database = await NewDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => OpenAsync(database)));
        var ids = await Task.WhenAll(stores.Select(static store => SubmitAsync(store, "q")));
        Assert.Equal(5, ids.Distinct().Count());
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task FirstTokens_OfCoordinatorsThatStartAtOnce_AreMadeByOne()
    {
        var database = await NewDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(database)));
        var books = stores.Select(static store => new TokenCache(store.Tokens, TimeProvider.System)).ToList();
        var made =
            await Task.WhenAll(
                books.Select(static book =>
                    book.CreateFirstAsync(new TokenGrant(Scope.Admin, []), new TokenGrant(Scope.Work, []))));
        Assert.Single(made, static texts => texts is not null);
        Assert.Equal(2, (await stores[0].Tokens.ListAsync()).Count);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task CountsOfARevokedToken_GoWithItsLastTask()
    {
        var database = await NewDatabaseAsync();
        await using var store = await OpenAsync(database);
        var token = (await store.Tokens.AddAsync(new(Scope.Submit, []), new byte[32]))!;
        var id =
            (await store.SubmitAsync(new([new NewTask { Payload = new("1"u8.ToArray(), IsJson: true) }],
                Owner: token.Id))).Ids[0];
        await store.Tokens.RemoveAsync(token.Id);
        await store.DeleteFinishedAsync(TimeSpan.Zero, 10);
        Assert.Equal(1L, await ReadAsync(database, "SELECT count(*) FROM owner_counts"));
        await store.ApplyAsync([new(id, TaskCommand.Cancel.Instance)]);
        Assert.Equal(1, await store.DeleteFinishedAsync(TimeSpan.Zero, 10));
        await store.DeleteFinishedAsync(TimeSpan.Zero, 10);
        Assert.Equal(0L, await ReadAsync(database, "SELECT count(*) FROM owner_counts"));
    }

    [Fact]
    public async Task Seal_WaitsForWhoIsAboutToSubmit()
    {
        var database = await NewDatabaseAsync();
        await using var store = await OpenAsync(database);
        var group = (await store.CreateGroupAsync(null))!.Value;
        await using var submitter = new NpgsqlConnection(database);
        await submitter.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await submitter.BeginTransactionAsync(TestContext.Current.CancellationToken);
        // As a submit does that has found the group open.
        await using var hold = new NpgsqlCommand("SELECT id FROM groups FOR KEY SHARE", submitter, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var sealing = store.SealGroupAsync(group);
        const string Waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while (await ReadAsync(database, Waiting) == 0) Assert.False(sealing.IsCompleted, "It didn't wait.");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.True(await sealing);
    }

    [Fact]
    public async Task Dispose_Twice_ClosesOnce()
    {
        var store = await OpenAsync(await NewDatabaseAsync());
        await store.DisposeAsync();
        await store.DisposeAsync();
        Assert.True(store.Ended.IsCompletedSuccessfully);
        Assert.Equal(StoreErrorKind.Unavailable,
            (await Assert.ThrowsAsync<StoreException>(() => SubmitAsync(store, "q"))).Kind);
    }

    [Fact]
    public async Task Open_OfANewerDatabase_IsRefused()
    {
        var database = await NewDatabaseAsync();
        await (await OpenAsync(database)).DisposeAsync();
        await ExecuteAsync(database, "INSERT INTO weft_schema VALUES (999)");
        var refused = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(database));
        Assert.Equal(StoreErrorKind.Unusable, refused.Kind);
        Assert.Contains("newer Weft (schema 999", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=weft;Username=weft;Password=hunter2")]
    [InlineData("Host=127.0.0.1;Password=hunter2;Nonsense=1")]
    [InlineData("hunter2")]
    public async Task Open_OfWhatCannotBeOpened_SaysWhyWithoutThePassword(string connectionString)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(connectionString));
        Assert.Equal(StoreErrorKind.Unusable, refused.Kind);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task AClaim_RightAfterASubmitToANewQueueAtTheOther_FindsTheTask()
    {
        var database = await NewDatabaseAsync();
        await using var one = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        // The news of the queue's lane come at any moment of the claim.
        for (var i = 0; i < 100; i++)
        {
            var id = await SubmitAsync(one, $"q{i}");
            Assert.Equal(id,
                Assert.Single(await other.ClaimAsync(new() { WorkerId = "w", Queues = [$"q{i}"] })).Task.Id);
        }
    }

    // The first claim of a worker that nobody knows: there is no row of it yet that anybody could lock.
    [Fact]
    public async Task AWorkerThatIsPaced_GetsNoMore_ByClaimsAtSeveralCoordinators()
    {
        var database = await NewDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenAsync(database)));
        var task = new NewTask { Payload = new("1"u8.ToArray(), IsJson: true), Verify = VerificationPolicy.Default };
        await stores[0].SubmitAsync(new([.. Enumerable.Repeat(task, 500)]));
        for (var worker = 1; worker <= 20; worker++)
        {
            var claim = new ClaimRequest
            {
                WorkerId = $"w{worker}", Identity = new(new(worker), null, new((ulong)worker << 40)),
            };
            var claimed = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
                stores[i % stores.Length].ClaimAsync(claim)));
            Assert.Equal(1, claimed.Sum(static tasks => tasks.Count));
        }

        foreach (var store in stores) await store.DisposeAsync();
    }

    [Theory]
    [InlineData("released", Refusal.StaleLease)]
    [InlineData("claimed again", Refusal.StaleLease)]
    [InlineData("cancelled", Refusal.Cancelled)]
    [InlineData("completed", Refusal.AlreadyFinished)]
    [InlineData("lapsed", Refusal.None)]
    [InlineData("extended", Refusal.None)]
    public async Task AComplete_OfWhatChangedAtTheOtherSinceItWasClaimedHere_IsDecidedByWhatIsTrue(string change,
        Refusal expected)
    {
        var database = await NewDatabaseAsync();
        await using var one = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        var id = await SubmitAsync(one, "q");
        var token = (await ClaimAsync(one)).Task.Lease!.Token;
        switch (change)
        {
            case "released":
                await AcceptAsync(other, id, new TaskCommand.Release(token, TimeSpan.Zero));
                break;
            case "claimed again":
                await AcceptAsync(other, id, new TaskCommand.Release(token, TimeSpan.Zero));
                await ClaimAsync(other);
                break;
            case "cancelled":
                await AcceptAsync(other, id, TaskCommand.Cancel.Instance);
                break;
            case "completed":
                await AcceptAsync(other, id, new TaskCommand.Complete(token, "2"u8.ToArray()));
                break;
            case "lapsed":
                await Task.Delay(Limits.LeaseTimeMin, TimeProvider.System, TestContext.Current.CancellationToken);
                while (await other.SweepAsync(10) == 0)
                {
                }

                break;
            default:
                await AcceptAsync(other, id, new TaskCommand.Heartbeat(token, TimeSpan.FromMinutes(1), 0.5, null));
                break;
        }

        var before = (await one.CountAsync())[0].Counts;
        Assert.Equal([expected], await one.ApplyAsync([new(id, new TaskCommand.Complete(token, "1"u8.ToArray()))]));
        // A refusal changes nothing; an acceptance leaves one completed task.
        var after = (await one.CountAsync())[0].Counts;
        Assert.Equal(expected == Refusal.None ? new StateCounts { Completed = 1 } : before, after);
        Assert.Equal(change == "extended" ? 0.5 : null, (await other.FindAsync(id, TaskParts.Record))!.Task.Progress);
    }

    [Fact]
    public async Task ASubmit_WakesThoseWhoWaitAtTheOther_AndAFinishToo()
    {
        var database = await NewDatabaseAsync();
        await using var one = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        var ready = Channel.CreateUnbounded<ReadyTasks>();
        var finished = Channel.CreateUnbounded<TaskId>();
        one.BecameReady += tasks => ready.Writer.TryWrite(tasks);
        one.Finished += tasks => { foreach (var id in tasks) finished.Writer.TryWrite(id); };

        // A queue that the one has never seen: its lane is read when it is mentioned.
        var id = await SubmitAsync(other, "new-queue");
        while ((await NextAsync(ready)).Queue != "new-queue")
        {
        }

        Assert.Equal(id, Assert.Single(await one.ClaimAsync(new() { WorkerId = "w", Queues = ["new-queue"] })).Task.Id);
        Assert.Equal([Refusal.None],
            await other.ApplyAsync([new(id, new TaskCommand.Complete(null, "1"u8.ToArray()))]));
        while (await NextAsync(finished) != id)
        {
        }
    }

    [Fact]
    public async Task Claims_AtSeveralStores_GiveEachTaskOnce()
    {
        var database = await NewDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenAsync(database)));
        for (var i = 0; i < 200; i++) await SubmitAsync(stores[i % 3], "q");
        var claimed = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var mine = new List<TaskId>();
            for (var empty = 0; empty < 20;)
            {
                var tasks = await stores[i % 3].ClaimAsync(new() { WorkerId = $"w{i}", Queues = ["q"], Max = 2 });
                if (tasks.Count == 0) empty++;
                mine.AddRange(tasks.Select(static task => task.Task.Id));
            }

            return mine;
        })));
        Assert.Equal(Enumerable.Range(1, 200).Select(static id => new TaskId(id)),
            claimed.SelectMany(static ids => ids).OrderBy(static id => id.Value));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task APausedQueue_IsPausedEverywhereAtOnce()
    {
        var database = await NewDatabaseAsync();
        await using var one = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        await SubmitAsync(one, "q");
        await one.SetPausedAsync("q", paused: true);
        Assert.Empty(await other.ClaimAsync(new() { WorkerId = "w", Queues = ["q"] }));
        await other.SetPausedAsync("q", paused: false);
        Assert.Single(await one.ClaimAsync(new() { WorkerId = "w", Queues = ["q"] }));
    }

    [Fact]
    public async Task AWriterThatWaitsForARow_HoldsUpNobodyElse()
    {
        var database = await NewDatabaseAsync();
        var stop = TestContext.Current.CancellationToken;
        await using var store =
            await PostgresTaskStore.OpenAsync(new() { ConnectionString = database, OperationTimeMax = Deadline });
        var locked = await SubmitAsync(store, "q");
        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync(stop);
        await using var transaction = await other.BeginTransactionAsync(stop);
        await using (var hold = new NpgsqlCommand($"SELECT 1 FROM tasks WHERE id = {locked.Value} FOR UPDATE", other,
            transaction)) await hold.ExecuteNonQueryAsync(stop);

        var waiting = store.ApplyAsync([new(locked, new TaskCommand.Complete(null, "1"u8.ToArray()))]);
        // Until a writer waits for the row: what came before that would share its transaction.
        await using (var waiters =
            new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = " +
                "pg_current_xact_id()::xid", other, transaction))
        {
            while ((long)(await waiters.ExecuteScalarAsync(stop))! == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stop);
        }

        for (var i = 0; i < 10; i++) await SubmitAsync(store, "q").WaitAsync(Deadline, TimeProvider.System, stop);
        Assert.False(waiting.IsCompleted);
        await transaction.RollbackAsync(stop);
        Assert.Equal([Refusal.None], await waiting);
    }

    [Fact]
    public async Task AResultThatWasJustStored_IsTheSameFromMemoryAndFromTheDatabase()
    {
        var database = await NewDatabaseAsync();
        await using var one = await OpenAsync(database);
        await using var other = await OpenAsync(database);
        var id = await SubmitAsync(one, "q");
        await one.ClaimAsync(new() { WorkerId = "w", Queues = ["q"] });
        await one.ApplyAsync([new(id, new TaskCommand.Complete(null, "[1]"u8.ToArray()))]);

        var kept = (await one.FindAsync(id, TaskParts.Result))!;
        var read = (await other.FindAsync(id, TaskParts.Result))!;
        Assert.Equal(read.Task, kept.Task);
        Assert.Equal(read.Result!.Value.ToArray(), kept.Result!.Value.ToArray());

        await one.DeleteFinishedAsync(TimeSpan.Zero, 10);
        Assert.Null(await one.FindAsync(id, TaskParts.Result));
    }

    [Fact]
    public async Task ATaskThatOnceFailed_TellsWhy_ThoughItWasJustCompleted()
    {
        await using var store = await OpenAsync(await NewDatabaseAsync());
        var id = await SubmitAsync(store, "q");
        var claimed = Assert.Single(await store.ClaimAsync(new() { WorkerId = "w", Queues = ["q"] }));
        await store.ApplyAsync([new(id,
            new TaskCommand.Fail(claimed.Task.Lease!.Token, "broken", MayRetry: true, Jitter: 0))]);
        await store.ApplyAsync([new(id, new TaskCommand.Complete(null, "1"u8.ToArray()))]);
        Assert.Equal("broken", (await store.FindAsync(id, TaskParts.Result))!.Task.Error);
    }

    [Fact]
    public async Task ADatabaseThatIsGone_IsSaidAtOnce_AndUsedAgainWhenItIsBack()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var store = await OpenAsync(await server.CreateDatabaseAsync());
        var id = await SubmitAsync(store, "q");
        await server.KillAsync();
        var refused = await Assert.ThrowsAsync<StoreException>(() => SubmitAsync(store, "q"));
        Assert.True(refused.Kind is StoreErrorKind.Unavailable or StoreErrorKind.Unknown);
        Assert.NotNull(await ((IStoreHealth)store).CheckHealthAsync());
        await Assert.ThrowsAsync<StoreException>(() => store.FindAsync(id, TaskParts.Record));

        await server.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        while (await ((IStoreHealth)store).CheckHealthAsync() is not null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        Assert.Equal(id, (await store.FindAsync(id, TaskParts.Record))!.Task.Id);
        await SubmitAsync(store, "q");
    }

    [Fact]
    public async Task ALaneThatIsGoneWithTheServerThatHadIt_IsMadeAnew_ThoughAnotherHasItsNumber()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var one = await OpenAsync(database);
        await SubmitAsync(one, "q");
        // As after the promotion of a standby that had not got the last commits, and what a coordinator has stored
        // there since.
        await server.KillAsync();
        await server.StartAsync();
        await ExecuteAsync(database, "TRUNCATE tasks, payloads, counts, lanes RESTART IDENTITY");
        await using var other = await OpenAsync(database);
        await SubmitAsync(other, "else");

        var id = await Eventually(() => SubmitAsync(one, "q"));
        Assert.Equal(id, (await ClaimAsync(other)).Task.Id);
    }

    [Fact]
    public async Task AServerThatFreezes_HoldsNobodyForLongerThanTheirPatience()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var store = await OpenAsync(await server.CreateDatabaseAsync());
        await SubmitAsync(store, "q");
        server.Freeze();
        try
        {
            var refused =
                await Assert.ThrowsAsync<StoreException>(() =>
                    SubmitAsync(store, "q").WaitAsync(Deadline, TimeProvider.System,
                        TestContext.Current.CancellationToken));
            Assert.True(refused.Kind is StoreErrorKind.Unavailable or StoreErrorKind.Unknown);
        }
        finally
        {
            server.Thaw();
        }
    }

    private static async Task<TaskId> SubmitAsync(PostgresTaskStore store, string queue) =>
        (await store.SubmitAsync(new([new() { Queue = queue, Payload = new("{}"u8.ToArray(), IsJson: true) }]))).Ids[0];

    private static async Task<ClaimedTask> ClaimAsync(PostgresTaskStore store) =>
        Assert.Single(
            await store.ClaimAsync(new() { WorkerId = "w", Queues = ["q"], LeaseTime = Limits.LeaseTimeMin }));

    private static async Task AcceptAsync(PostgresTaskStore store, TaskId id, TaskCommand command) =>
        Assert.Equal(Refusal.None, Assert.Single(await store.ApplyAsync([new(id, command)])).Refusal);

    /// <summary>The answer, once the database is there again.</summary>
    private static async Task<T> Eventually<T>(Func<Task<T>> ask)
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        for (; ; )
        {
            try
            {
                return await ask();
            }
            catch (StoreException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) =>
        await channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline,
            TimeProvider.System);

    private static async Task<string> NewDatabaseAsync() =>
        await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();

    private static Task<PostgresTaskStore> OpenAsync(string connectionString) =>
        PostgresTaskStore.OpenAsync(new() { ConnectionString = connectionString });

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> ReadAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
