using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>
/// All clients at once, each on a connection of its own, until the coordinator is gone or the load is stopped.
/// </summary>
internal sealed class LoadRun(Surface surface, History history, Knowledge known, Random random)
{
    /// <summary>Ends when every client has ended; what is under way then is waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await MakeGroupAsync();
        await Task.WhenAll(
        [
            RunAsync(0, api => new Submitter(api, known, Seeded()), stop),
            RunAsync(1, api => new Submitter(api, known, Seeded()), stop),
            RunAsync(2, api => new Worker(api, known, Seeded(), "worker-1"), stop),
            RunAsync(3, api => new Worker(api, known, Seeded(), "worker-2"), stop),
            RunAsync(4, api => new OldWorker(api, Seeded(), "old-1"), stop),
            RunAsync(5, api => new Meddler(api, known, Seeded()), stop),
        ]);
    }

    private Random Seeded() => new(random.Next());

    private async Task MakeGroupAsync()
    {
        if (known.Group is not null) return;
        using var client = new TortureClient(surface);
        var answer = await client.PostAsync("api/v1/groups", """{"name":"torture"}""");
        if (answer.IsOk) known.Group = answer.Json.GetProperty("id").GetInt64();
    }

    private async Task RunAsync(int number, Func<RecordedApi, ILoadClient> make, CancellationToken stop)
    {
        using var client = new TortureClient(surface, number);
        var loop = make(new(client, history));
        // Off the caller's thread: clients must not wait for each other's first step.
        await Task.Yield();
        while (!stop.IsCancellationRequested && (await loop.StepAsync() || client.HasOthers))
        {
        }
    }
}
