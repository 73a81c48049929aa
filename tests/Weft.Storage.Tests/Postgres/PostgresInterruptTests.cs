using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>
/// An administrator cancels statements and ends connections at any moment: no writer may end with them.
/// </summary>
public sealed class PostgresInterruptTests
{
    private const int Callers = 6;
    private const int Interrupts = 40;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private int _stored;

    [Theory]
    [InlineData("pg_cancel_backend(pid)")]
    [InlineData("pg_terminate_backend(pid)")]
    [InlineData("pg_cancel_backend(pid) AND pg_terminate_backend(pid)")]
    public async Task InterruptsAtAnyMoment_AreToldAsTrouble_AndTheStoreWorksOn(string interrupt)
    {
        var server = await PostgresFixture.ServerAsync();
        var database = await server.CreateDatabaseAsync();
        var store =
            await PostgresTaskStore.OpenAsync(new() { ConnectionString = database + ";Application Name=interrupted" });
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(store, stop.Token))).ToArray();
        for (var i = 0; i < Interrupts; i++)
        {
            await UntilSomethingIsStoredAsync();
            await server.AskAsync("postgres",
                $"SELECT count(*) FILTER (WHERE {interrupt}) FROM pg_stat_activity WHERE application_name = " +
                $"'interrupted'");
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.False(store.Ended.IsCompleted);
        await store.DisposeAsync();
        Assert.True(store.Ended.IsCompletedSuccessfully);
        await server.DropDatabaseAsync(database);
    }

    /// <summary>The store works between any two interrupts.</summary>
    private async Task UntilSomethingIsStoredAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        var before = Volatile.Read(ref _stored);
        while (Volatile.Read(ref _stored) == before)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, deadline.Token);
    }

    private async Task CallAsync(PostgresTaskStore store, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await store.SubmitAsync(new([new() { Payload = new("{}"u8.ToArray(), IsJson: true) }]));
                Interlocked.Increment(ref _stored);
                foreach (var task in await store.ClaimAsync(new() { WorkerId = "w", Max = 2 }))
                {
                    await store.ApplyAsync([new(task.Task.Id,
                        new TaskCommand.Complete(task.Task.Lease!.Token, "1"u8.ToArray()))]);
                }
            }
            catch (StoreException trouble)
            {
                Assert.True(trouble.Kind is StoreErrorKind.Unavailable or StoreErrorKind.Unknown);
            }
        }
    }
}
