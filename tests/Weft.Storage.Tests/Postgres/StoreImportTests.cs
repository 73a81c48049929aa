using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Import;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>A SQLite store that is carried over to PostgreSQL: afterwards nobody can tell the two apart.</summary>
public sealed class StoreImportTests : IAsyncLifetime
{
    private readonly PostgresStoreHost _host = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-move-");
    private string _to = null!;

    public async ValueTask InitializeAsync() => _to = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Everything_IsThereAfterwards_AsItWas()
    {
        StoreContents expected;
        await using (var from = OpenSource())
        {
            await FillAsync(from);
            expected = await StoreContents.ReadAsync(from, from.Tokens, from.Modules, from.Blobs);
            // All but a task whose result is being checked.
            Assert.Equal(TaskStates.Count - 1, expected.Tasks.Select(static task => task.State).Distinct().Count());
        }

        var report = await MoveAsync(batchMax: 3);
        Assert.Equal((expected.Tasks.Count, 2, 2, 2, 2),
            (report.Tasks, report.Groups, report.Keys, report.Tokens, report.Modules));
        await using var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        var moved = await StoreContents.ReadAsync(to, to.Tokens, to.Modules, to.Blobs);
        Assert.Equal(expected.Lines, moved.Lines);
    }

    [Fact]
    public async Task Checks_GoOnWhereTheyWere()
    {
        TaskId id;
        await using (var from = OpenSource())
        {
            var verified = new NewTask { Payload = Json("6"), Verify = VerificationPolicy.Default };
            id = (await from.SubmitAsync(new([verified]))).Ids[0];
            await AnswerAsync(from, 1);
            await AnswerAsync(from, 2);
        }

        await MoveAsync();
        await using var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        Assert.Empty(await to.ClaimAsync(By(2)));
        await AnswerAsync(to, 3);
        Assert.Equal(TaskState.Completed, (await to.FindAsync(id, TaskParts.Record))!.Task.State);
        Assert.Equal(3, (await to.Verification.ListAnswersAsync(id)).Answers.Count);
        var standings = await to.Verification.ListStandingsAsync(Limits.QueueDefault, 10);
        Assert.Equal(
            new Standing(1, 2, 0, false), standings.Single(static known => known.Identity.Value == 1).Standing);
        Assert.Empty(PostgresContradictions.Find(_to));
    }

    private static ClaimRequest By(int worker) => new()
    {
        WorkerId = $"worker {worker}", Identity = new(new(worker), null, new((ulong)worker << 40)),
    };

    private static async Task AnswerAsync(ITaskStore store, int worker)
    {
        var claimed = Assert.Single(await store.ClaimAsync(By(worker)));
        Assert.Equal(
            [Refusal.None],
            await store.ApplyAsync([new(claimed.Task.Id,
                new TaskCommand.Complete(claimed.Task.Lease!.Token, "36"u8.ToArray()))]));
    }

    [Fact]
    public async Task Work_GoesOnWhereItWas()
    {
        ClaimedTask held;
        TaskId last;
        await using (var from = OpenSource())
        {
            await FillAsync(from);
            held = Assert.Single(await from.ClaimAsync(new() { WorkerId = "holder", Queues = ["held"] }));
            last = (await from.SubmitAsync(new([new() { Payload = Json("0") }]))).Ids[0];
        }

        await MoveAsync();
        await using var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        Assert.Equal([Refusal.None],
            await to.ApplyAsync([new(held.Task.Id,
                new TaskCommand.Complete(held.Task.Lease!.Token, "7"u8.ToArray()))]));
        // Keys answer what they answered, and numbers go on.
        Assert.Equal(SubmitStatus.Repeated, (await to.SubmitAsync(Keyed())).Status);
        Assert.Equal(last.Value + 1, (await to.SubmitAsync(new([new() { Payload = Json("1") }]))).Ids[0].Value);
        Assert.Equal(3, (await to.CreateGroupAsync("next"))!.Value.Value);
        Assert.Empty(await to.ClaimAsync(new() { WorkerId = "w", Queues = ["paused"] }));
        var added = await to.Tokens.AddAsync(new(Scope.Work, []), RandomNumberGenerator.GetBytes(32));
        // The last token of the source was revoked: its number names no other.
        Assert.Equal(4, added!.Id.Value);
        Assert.Equal(SubmitStatus.Stored,
            (await to.SubmitAsync(new([new() { Queue = "new-queue", Payload = Json("2") }]))).Status);
    }

    [Fact]
    public async Task AnOperation_GoesOnWhereItWas_AndTheAuditComesToo()
    {
        BulkOperation operation;
        var order = new BulkOrder(
            BulkAction.Cancel, new(new(Queue: "many"), null), null, null, new(new TokenId(3), "ops"));
        await using (var from = OpenSource())
        {
            await from.SubmitAsync(new([.. Enumerable.Repeat(
                new NewTask { Queue = "many", Payload = Json("1") }, Limits.BulkStepMax + 2)]));
            await from.Bulk.StartAsync(order with { Actor = default });
            operation = (await from.Bulk.AdvanceAsync((await from.Bulk.FindRunningAsync())!, ""))!;
            await from.Audit.AddAsync(order.Actor, "queue.pause", "q", "why");
        }

        await MoveAsync();
        await using var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        var moved = (await to.Bulk.FindRunningAsync())!;
        Assert.Equal(operation with { Runner = default }, moved with { Runner = default });
        var done = (await to.Bulk.AdvanceAsync(moved, "other"))!;
        Assert.Equal((BulkState.Finished, Limits.BulkStepMax + 2L), (done.State, done.Counts.Changed));
        Assert.Equal(operation.Id.Value + 1, (await to.Bulk.StartAsync(order)).Operation!.Id.Value);
        var entry = Assert.Single((await to.Audit.ListAsync(null, 10)).Entries);
        Assert.Equal(("queue.pause", "q", "why", order.Actor),
            (entry.Action, entry.Subject, entry.Detail, entry.Actor));
        await to.Audit.AddAsync(default, "queue.resume", "q", null);
        Assert.Equal(entry.Id + 1, (await to.Audit.ListAsync(null, 1)).Entries[0].Id);
    }

    [Fact]
    public async Task AMoveThatEndedInTheMiddle_GoesOn_AndNoCoordinatorStartsBefore()
    {
        await using (var from = OpenSource()) await FillAsync(from);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => MoveAsync(batchMax: 2, progress =>
        {
            if (progress.Done >= 4) stop.Cancel();
        }, stop.Token));
        var refused =
            await Assert.ThrowsAsync<StoreException>(() =>
                PostgresTaskStore.OpenAsync(new() { ConnectionString = _to }));
        Assert.Contains("weft migrate", refused.Message, StringComparison.Ordinal);

        var first = -1L;
        await MoveAsync(batchMax: 2, progress => first = first < 0 ? progress.Done : first);
        Assert.True(first > 4, $"It began anew: {first}");
        await using var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        Assert.Equal(StoreErrorKind.Unusable, (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Kind);
    }

    [Fact]
    public async Task AStoreThatWasUsedInBetween_IsNotMixedWithWhatItWas()
    {
        await using (var from = OpenSource()) await FillAsync(from);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            MoveAsync(batchMax: 2, _ => stop.Cancel(), stop.Token));
        await using (var from = OpenSource()) await from.ClaimAsync(new() { WorkerId = "w" });
        Assert.Contains("start over", (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatArrivedOtherwise_IsNoticed()
    {
        await using (var from = OpenSource()) await FillAsync(from);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            MoveAsync(batchMax: 2, _ => stop.Cancel(), stop.Token));
        await ExecuteAsync("UPDATE payloads SET body = '{\"n\":2}' WHERE task = 1");
        Assert.Contains("differs from the source in tasks",
            (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => PostgresTaskStore.OpenAsync(new() { ConnectionString = _to }));
    }

    [Fact]
    public async Task AnAttemptThatArrivedOtherwise_IsNoticed()
    {
        await using (var from = OpenSource()) await FillAsync(from);
        // All tasks are there, and nothing is compared yet.
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            MoveAsync(progressed: _ => stop.Cancel(), stop: stop.Token));
        await ExecuteAsync("UPDATE attempts SET error = 'other' WHERE error IS NOT NULL");
        Assert.Contains("differs from the source in tasks",
            (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunningCoordinator_OnEitherSide_IsRefused()
    {
        var from = OpenSource();
        Assert.Contains("in use by another coordinator",
            (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message, StringComparison.Ordinal);
        await from.DisposeAsync();
        var to = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _to });
        // Once it listens, which it does in a moment.
        await to.SetPausedAsync("q", paused: true);
        Assert.Equal(StoreErrorKind.Unusable, (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Kind);
        await to.DisposeAsync();
        Assert.Contains("already holds data", (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderWithoutAStore_IsRefused_AndStaysAsItIs()
    {
        Assert.Contains("There is no database", (await Assert.ThrowsAsync<StoreException>(() => MoveAsync())).Message,
            StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task TheSource_IsNotChanged()
    {
        await using (var from = OpenSource()) await FillAsync(from);
        var before = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "weft.db"),
            TestContext.Current.CancellationToken);
        await MoveAsync();
        Assert.Equal(before,
            await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "weft.db"),
                TestContext.Current.CancellationToken));
    }

    private SqliteTaskStore OpenSource() =>
        SqliteTaskStore.Open(new() { Folder = _folder.FullName, Time = TimeProvider.System });

    private Task<ImportReport> MoveAsync(int batchMax = 1_000, Action<ImportProgress>? progressed = null,
        CancellationToken? stop = null) => StoreImport.RunAsync(
        new() { Folder = _folder.FullName, ConnectionString = _to, BatchMax = batchMax,
            Progressed = progressed ?? (static _ => { }) }, stop ?? TestContext.Current.CancellationToken);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(_to);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static Payload Json(string text) => new(System.Text.Encoding.UTF8.GetBytes(text), IsJson: true);

    private static Submission Keyed() =>
        new([new() { Queue = "keyed", Payload = Json("1") }, new() { Queue = "keyed", Payload = Json("2") }],
            new("once", "f"u8.ToArray()));

    /// <summary>A store with something of everything.</summary>
    private static async Task FillAsync(SqliteTaskStore store)
    {
        var owner =
            (await store.Tokens.AddAsync(new(Scope.Submit, ["q"], "Ada",
                DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_123)), RandomNumberGenerator.GetBytes(32)))!.Id;
        await store.Tokens.AddAsync(new(Scope.Admin, []), RandomNumberGenerator.GetBytes(32));
        await store.Tokens.RemoveAsync(
            (await store.Tokens.AddAsync(new(Scope.Admin, []), RandomNumberGenerator.GetBytes(32)))!.Id);
        var module = await PushAsync(store);
        var blob = await PushBlobAsync(store, owner);
        await store.Modules.SetQueueModuleAsync("modules", new(module, "{\"args\":[]}"u8.ToArray()));
        await store.Modules.SetQueueModuleAsync("files", new(null, null), new([new("of/queue", blob)]));
        var group = (await store.CreateGroupAsync("group", owner))!.Value;
        await store.SealGroupAsync((await store.CreateGroupAsync(null))!.Value);
        await store.SubmitAsync(new([
            new() { Payload = Json("{\"n\":1}"), Group = group, Type = "a \0 b", Priority = 3 },
            new() { Payload = new(new byte[] { 0, 255 }, IsJson: false), Requires = Requirements.Parse("gpu memory>=8"),
                ExpiresIn = TimeSpan.FromDays(9) },
            new() { Payload = Json("[]"), Delay = TimeSpan.FromDays(1), LeaseTime = TimeSpan.FromHours(1),
                MaxAttempts = 9 },
            new() { Queue = "modules", Payload = Json("1") },
            new() { Queue = "held", Payload = Json("2") },
            new() { Queue = "paused", Payload = Json("3") },
            new() { Payload = Json("4"), Files = new([new("a", blob), new("b/c", blob)]) },
            new() { Payload = Json("5"), Files = new([new("b/c", blob), new("a", blob)]), Module = module },
        ], new("first", "x"u8.ToArray()), owner));
        await store.SubmitAsync(Keyed());
        await store.SetPausedAsync("paused", paused: true);
        foreach (var command in (Func<LeaseToken, TaskCommand>[])
        [
            static token => new TaskCommand.Complete(token, "{\"r\":1}"u8.ToArray()),
            static token => new TaskCommand.Fail(token, "it broke\nbadly", MayRetry: false, 0.5),
            static token => new TaskCommand.Fail(token, "again", MayRetry: true, 0.5),
            static token => new TaskCommand.Release(token),
            static token => new TaskCommand.Heartbeat(token, null, 0.25, "\"checkpoint\""u8.ToArray()),
            static _ => TaskCommand.Cancel.Instance,
        ])
        {
            await store.SubmitAsync(new([new() { Queue = "states", Payload = Json("4"), Group = group }]));
            var claimed = Assert.Single(await store.ClaimAsync(new() { WorkerId = "w \0", Queues = ["states"] }));
            Assert.Equal(Refusal.None,
                Assert.Single(await store.ApplyAsync([new(claimed.Task.Id, command(claimed.Task.Lease!.Token))]))
                    .Refusal);
        }
    }

    private static async Task<ModuleHash> PushBlobAsync(SqliteTaskStore store, TokenId owner)
    {
        var bytes = RandomNumberGenerator.GetBytes((2 * Limits.ModuleChunkBytes) + 5);
        var hash = ModuleHash.From(SHA256.HashData(bytes));
        var begun = await store.Blobs.BeginAsync(hash, bytes.Length, owner, long.MaxValue);
        Assert.True(await store.Blobs.AppendAsync(begun.Upload, 0, bytes));
        // One on its way is left behind.
        await store.Blobs.BeginAsync(ModuleHash.From(SHA256.HashData([1])), 1, owner, long.MaxValue);
        return (await store.Blobs.SealAsync(begun.Upload, hash, owner))!.Hash;
    }

    private static async Task<ModuleHash> PushAsync(SqliteTaskStore store)
    {
        byte[][] chunks = [RandomNumberGenerator.GetBytes(Limits.ModuleChunkBytes), RandomNumberGenerator.GetBytes(9)];
        var upload = (await store.Modules.BeginUploadAsync(ModuleKind.JavaScript, "module"))!.Value;
        for (var i = 0; i < chunks.Length; i++) await store.Modules.AppendAsync(upload, i, chunks[i]);
        // One that never came to its end is left behind.
        await store.Modules.AppendAsync((await store.Modules.BeginUploadAsync(ModuleKind.Wasm, null))!.Value, 0,
            chunks[1]);
        return (await store.Modules.SealAsync(upload,
            ModuleHash.From(SHA256.HashData([.. chunks.SelectMany(static chunk => chunk)])),
            Limits.ModuleChunkBytes + 9)).Module!.Hash;
    }
}
