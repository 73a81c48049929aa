using Weft.Core.Storage;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// Lets many callers at a store at once, restarts it in between, and checks the history against the invariants.
/// </summary>
internal sealed class ConcurrentAudit(IAuditedHost host, int seed)
{
    private const int Callers = 8;
    private const int StepsEach = 60;
    private const int Restarts = 2;

    public async Task RunAsync()
    {
        var history = new HistoryRecorder();
        var store = await host.OpenAsync();
        for (var i = 0; i <= Restarts; i++)
        {
            // New callers after each restart: their numbers go on, so that no two ever say the same.
            await Task.WhenAll(Enumerable.Range(i * Callers, Callers).Select(number =>
                Task.Run(() =>
                    new ConcurrentCaller(host, store, history, number, new Random(HashCode.Combine(seed, number)))
                        .RunAsync(StepsEach))));
            await store.DisposeAsync();
            store = await host.OpenAsync();
        }

        await new HistoryCheck(history.Entries, await ReadAllAsync(store)).AssertInvariantsAsync(store);
        await store.DisposeAsync();
        host.AssertSound();
    }

    private static async Task<List<StoredTask>> ReadAllAsync(ITaskStore store)
    {
        var page = await store.ListAsync(new(), null, 100_000);
        var tasks = new List<StoredTask>();
        foreach (var task in page.Tasks)
            tasks.Add((await store.FindAsync(task.Id, TaskParts.Payload | TaskParts.Result))!);
        return tasks;
    }
}
