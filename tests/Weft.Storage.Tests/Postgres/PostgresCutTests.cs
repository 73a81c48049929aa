using System.Collections.Concurrent;
using Npgsql;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>
/// Connections that break at any moment: what was answered is there, what was refused is not, what is unknown is there
/// once or not at all.
/// </summary>
public sealed class PostgresCutTests : IAsyncLifetime
{
    private const int Callers = 6;
    private const int Cuts = 40;

    private readonly ConcurrentDictionary<string, TaskId> _stored = new();
    private readonly ConcurrentDictionary<string, bool> _refused = new();
    private readonly ConcurrentDictionary<string, bool> _unknown = new();
    private readonly ConcurrentDictionary<TaskId, string> _completed = new();
    private CuttingProxy _proxy = null!;
    private PostgresTaskStore _store = null!;
    private string _direct = "";

    public async ValueTask InitializeAsync()
    {
        var server = await PostgresFixture.ServerAsync();
        _direct = await server.CreateDatabaseAsync();
        _proxy = new(server.Port);
        _store =
            await PostgresTaskStore.OpenAsync(new()
                { ConnectionString =
                    new NpgsqlConnectionStringBuilder(_direct) { Port = _proxy.Port }.ConnectionString });
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WhatWasAnswered_IsThere_AndWhatWasRefusedIsNot_AfterManyCuts()
    {
        using var stop = new CancellationTokenSource();
        var callers =
            Enumerable.Range(0, Callers).Select(number => Task.Run(() => CallAsync(number, stop.Token))).ToArray();
        for (var cut = 1; cut <= Cuts; cut++)
        {
            var before = _stored.Count;
            await UntilAsync(() => _stored.Count > before + 5);
            _proxy.Cut();
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        await using var direct = await PostgresTaskStore.OpenAsync(new() { ConnectionString = _direct });
        await AssertHistoryAsync(direct);
    }

    private async Task AssertHistoryAsync(PostgresTaskStore direct)
    {
        var found = new Dictionary<string, StoredTask>();
        TaskId? after = null;
        do
        {
            var page = await direct.ListAsync(new(), after, 1_000);
            foreach (var task in page.Tasks)
            {
                var stored = (await direct.FindAsync(task.Id, TaskParts.Payload | TaskParts.Result))!;
                // Nothing is stored twice: the keys of this dictionary are.
                found.Add(Text(stored.Payload!.Value.Bytes), stored);
            }

            after = page.Next;
        }
        while (after is not null);

        Assert.All(_stored, pair => Assert.Equal(pair.Value, found[pair.Key].Task.Id));
        Assert.All(_refused.Keys, payload => Assert.DoesNotContain(payload, found.Keys));
        Assert.All(found.Keys, payload => Assert.True(_stored.ContainsKey(payload) || _unknown.ContainsKey(payload)));
        var byId = found.Values.ToDictionary(static task => task.Task.Id);
        Assert.All(_completed, pair => Assert.Equal(pair.Value, Text(byId[pair.Key].Result!.Value)));
        Assert.NotEmpty(_completed);
        Assert.NotEmpty(_unknown);
    }

    private async Task CallAsync(int number, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var payload = $"{number} said {i}";
            try
            {
                var outcome = await _store.SubmitAsync(new([new() { Payload = new(Bytes(payload), IsJson: false) }]));
                _stored[payload] = outcome.Ids[0];
                foreach (var task in await _store.ClaimAsync(new() { WorkerId = $"worker {number}", Max = 2 }))
                    await CompleteAsync(task, $"{number} did {i}");
            }
            catch (StoreException trouble)
            {
                if (_stored.ContainsKey(payload)) continue;
                (trouble.Kind == StoreErrorKind.Unknown ? _unknown : _refused)[payload] = true;
                Assert.NotEqual(StoreErrorKind.Unusable, trouble.Kind);
            }
        }
    }

    private async Task CompleteAsync(ClaimedTask task, string result)
    {
        var refusals =
            await _store.ApplyAsync([new(task.Task.Id,
                new TaskCommand.Complete(task.Task.Lease!.Token, Bytes(result)))]);
        if (refusals[0] == Refusal.None) Assert.True(_completed.TryAdd(task.Task.Id, result));
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!isTrue()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
