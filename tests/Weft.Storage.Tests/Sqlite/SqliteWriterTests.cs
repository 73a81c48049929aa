using System.Security.Cryptography;
using System.Text;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>The writer by itself, with verbs that misbehave.</summary>
public sealed class SqliteWriterTests : IAsyncDisposable
{
    private static readonly Submission Small = new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }]);

    private readonly SqliteStoreHost _host = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteWriter _writer;

    public SqliteWriterTests()
    {
        _connection = SqliteDatabase.OpenWriter(_host.Folder);
        _writer = new(_connection, new(), new(TimeProvider.System), _host.Options());
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        _host.AssertSound();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task WhatAQueueRuns_IsReadAnew_ForThatQueueAlone()
    {
        var hash = ModuleHash.From(SHA256.HashData("m"u8));
        await RunAsync(transaction =>
        {
            ModuleUploadId upload = default;
            transaction.BeginUpload(ModuleKind.Wasm, null, null, begun => upload = begun);
            transaction.Run(new AppendOperation(upload, 0, "m"u8.ToArray()));
            return transaction.Run(new SealOperation(upload, hash, 1, null));
        });
        Task<SubmitStatus> SetAsync(string queue, string run) =>
            RunAsync(transaction =>
                transaction.Run(
                    new SetQueueModuleOperation(queue, new(hash, Encoding.UTF8.GetBytes(run)), files: null)));
        Assert.Equal(SubmitStatus.Stored, await SetAsync("other", "1"));
        var other = await RunAsync(static transaction => transaction.Modules.Of("other"));
        Assert.Equal(SubmitStatus.Stored, await SetAsync("q", "2"));
        Assert.Equal(SubmitStatus.Stored, await SetAsync("q", "3"));
        Assert.Equal("3"u8.ToArray(),
            (await RunAsync(static transaction => transaction.Modules.Of("q")))!.Run!.Value.ToArray());
        Assert.Same(other, await RunAsync(static transaction => transaction.Modules.Of("other")));
        // What is undone is read as it was.
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<int>(transaction =>
        {
            transaction.Run(new SetQueueModuleOperation("q", null, files: null));
            throw new InvalidOperationException("a bug");
        }));
        Assert.NotNull(await RunAsync(static transaction => transaction.Modules.Of("q")));
    }

    [Fact]
    public async Task Verb_ThatThrows_FailsAloneAndLeavesNothing()
    {
        using var held = new ManualResetEventSlim();
        var first = RunAsync(_ =>
        {
            held.Wait(TestContext.Current.CancellationToken);
            return 0;
        });
        var before = SubmitAsync();
        var bad = RunAsync<int>(transaction =>
        {
            transaction.Run(new SubmitOperation(new([Small.Tasks[0] with { Queue = "bad" }])));
            transaction.Prepared(StoreSql.InsertPausedQueue).Bind("half bound");
            throw new InvalidOperationException("a bug");
        });
        var after = SubmitAsync();
        var paused = RunAsync(transaction => transaction.Run(new SetPausedOperation("q", paused: true)));
        held.Set();

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        await first;
        Assert.True(await paused);
        Assert.Equal((new TaskId(1), new TaskId(2)), ((await before).Ids[0], (await after).Ids[0]));
        Assert.Empty(
            await RunAsync(transaction =>
                transaction.Run(new ClaimOperation(new() { WorkerId = "worker", Queues = ["bad"] }))));
        // The queue that the bad verb was the first to use works for those who come after it.
        await RunAsync(transaction =>
            transaction.Run(new SubmitOperation(new([Small.Tasks[0] with { Queue = "bad" }]))));
    }

    [Fact]
    public async Task Claim_InABatchThatIsRunAgain_GetsItsTasksOnce()
    {
        await SubmitAsync();
        await SubmitAsync();
        using var held = new ManualResetEventSlim();
        var first = RunAsync(_ =>
        {
            held.Wait(TestContext.Current.CancellationToken);
            return 0;
        });
        var claim = _writer.RunAsync(new ClaimOperation(new() { WorkerId = "worker", Max = 2 }), Admission.Progress);
        var bad = RunAsync<int>(static _ => throw new InvalidOperationException("a bug"));
        held.Set();

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        await first;
        Assert.Equal([(new TaskId(1), 1), (new TaskId(2), 1)],
            (await claim).Select(static claimed => (claimed.Task.Id, claimed.Task.Attempt)));
    }

    [Fact]
    public async Task Verb_ThatThrowsAlone_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<int>(transaction =>
        {
            transaction.Run(new SubmitOperation(Small));
            transaction.Prepared(SqliteSql.SelectReady).Bind(1);
            throw new InvalidOperationException("a bug");
        }));
        Assert.Equal(new TaskId(1), (await SubmitAsync()).Ids[0]);
        Assert.Single(
            await RunAsync(static transaction =>
                transaction.Run(new ClaimOperation(new() { WorkerId = "worker", Max = 10 }))));
    }

    [Fact]
    public async Task Verb_ThatThrows_LeavesNoTaskInMemoryAsItHadMadeIt()
    {
        await SubmitAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<int>(static transaction =>
        {
            Assert.Single(transaction.Run(new ClaimOperation(new() { WorkerId = "worker" })));
            throw new InvalidOperationException("a bug");
        }));
        Assert.Equal(1,
            Assert.Single(
                await RunAsync(static transaction =>
                    transaction.Run(new ClaimOperation(new() { WorkerId = "worker" })))).Task.Attempt);
    }

    [Fact]
    public async Task FullDisk_IsSaidSoAndTheRestGoesOn()
    {
        await SubmitAsync();
        var pages = await RunAsync(static transaction => transaction.Connection.ReadLong("PRAGMA page_count"));
        await RunAsync(transaction => transaction.Connection.ReadLong($"PRAGMA max_page_count = {pages + 8}"));
        var large = new Submission([new() { Payload = new(new byte[1 << 20], IsJson: false) }]);
        var exception =
            await Assert.ThrowsAsync<StoreException>(() =>
                _writer.RunAsync(Admission.NewWork, transaction => transaction.Run(new SubmitOperation(large))));
        Assert.Equal(StoreErrorKind.Full, exception.Kind);
        Assert.Equal(new TaskId(2), (await SubmitAsync()).Ids[0]);
        Assert.False(_writer.Ended.IsCompleted);
    }

    [Fact]
    public async Task AnotherProgramThatHoldsTheFile_DoesNotEndTheStore()
    {
        using (var other = new SqliteFile(_host.Folder))
        {
            await RunAsync(static transaction => transaction.Connection.ReadLong("PRAGMA busy_timeout = 10"));
            other.Connection.Execute("BEGIN IMMEDIATE");
            var exception = await Assert.ThrowsAsync<StoreException>(SubmitAsync);
            Assert.Equal(StoreErrorKind.Unavailable, exception.Kind);
        }

        Assert.Equal(new TaskId(1), (await SubmitAsync()).Ids[0]);
    }

    private Task<SubmitOutcome> SubmitAsync() =>
        RunAsync(static transaction => transaction.Run(new SubmitOperation(Small)));

    private Task<T> RunAsync<T>(Func<SqliteWriteTransaction, T> verb) => _writer.RunAsync(Admission.Progress, verb);
}
