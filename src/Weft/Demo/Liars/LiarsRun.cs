using System.Runtime.CompilerServices;
using System.Text.Json;
using Weft.Client;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Demo.Liars;

/// <summary>
/// Workers, some of them dishonest, and a main program whose results are verified, against a coordinator.
/// </summary>
internal sealed class LiarsRun(Uri url, LiarsOptions options, LiarsTally tally)
{
    private const string Queue = "default";
    private const int BatchMax = 250;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    // Tasks undecided by then have no result: the demo ends, even on a busy machine.
    private static readonly TimeSpan ExpiresIn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AuditsTimeMax = TimeSpan.FromMinutes(1);

    /// <summary>The products' positions and correct results, by task.</summary>
    private readonly Dictionary<long, (int Index, string Expected)> _products = [];

    /// <summary>
    /// Completes when everything is recorded and audited; throws the exception that stopped the main program or a
    /// worker.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = url };
        var client = new WeftClient(http);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        LiarsWorker[] workers = [.. Enumerable.Range(1, options.Workers).Select(number =>
            new LiarsWorker(client, number, isLiar: number <= options.Liars, options, tally))];
        var working = Task.WhenAll(workers.Select(worker => WorkAsync(worker, end)));
        try
        {
            await AskAsync(client, workers, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await working;
        }
    }

    private static async Task WorkAsync(LiarsWorker worker, CancellationTokenSource end)
    {
        try
        {
            await worker.RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Cancellation is the normal end of a worker.
        }
        finally
        {
            // Without this worker the main program might wait for ever.
            await end.CancelAsync();
        }
    }

    private async Task AskAsync(WeftClient client, LiarsWorker[] workers, CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        var group = (await client.CreateGroupAsync(cancellationToken: stop)).Id;
        await SubmitAsync(client, group, stop);
        await foreach (var result in client.ReadGroupResultsAsync(group, cancellationToken: stop))
        {
            if (result.Id is { } id) tally.Note(_products[id].Index, IsRight(id, result.Result));
        }

        var found = await AwaitAuditsAsync(client, stop);
        var barred = found.Suspects.Where(static suspect => suspect.Barred)
            .Select(static suspect => suspect.Worker).ToHashSet(StringComparer.Ordinal);
        tally.Barred = (workers.Count(worker => worker.IsLiar && barred.Contains(worker.Name!)),
            workers.Count(worker => !worker.IsLiar && barred.Contains(worker.Name!)));
        await foreach (var correction in ReadCorrectionsAsync(client, group, stop))
        {
            tally.Correct(_products[correction.Id].Index, IsRight(correction.Id, correction.Result));
        }

        tally.Time = TimeProvider.System.GetElapsedTime(start);
    }

    private async Task SubmitAsync(WeftClient client, long group, CancellationToken stop)
    {
        var random = new Random(options.Seed);
        foreach (var products in Enumerable.Range(0, options.Tasks)
            .Select(index => DemoProduct.Random(index, random)).Chunk(BatchMax))
        {
            var outcomes = await client.SubmitBatchAsync(
                products.Select(product => new TaskRequest(
                    JsonElement.Parse(product.Body.Span), Queue, Group: group, Verify: options.Verify,
                    ExpiresInSeconds: ExpiresIn.TotalSeconds)), cancellationToken: stop);
            for (var i = 0; i < products.Length; i++)
            {
                _products[outcomes[i].Id!.Value] = (products[i].Index, products[i].Expected);
            }
        }
    }

    private bool? IsRight(long id, JsonElement? result) => result is { ValueKind: JsonValueKind.String } text
        ? text.ValueEquals(_products[id].Expected)
        : null;

    // Bounded: waiting longer for a busy machine shows nothing more.
    private static async Task<QueueVerification> AwaitAuditsAsync(WeftClient client, CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await client.Api.SendAsync(
                WeftRequest.Get($"queues/{Queue}/verification"), WireJson.Default.QueueVerification, stop);
            if (found.Workers.Audited == 0 || TimeProvider.System.GetElapsedTime(start) > AuditsTimeMax) return found;
            await Task.Delay(PollInterval, TimeProvider.System, stop);
        }
    }

    private static async IAsyncEnumerable<Correction> ReadCorrectionsAsync(
        WeftClient client, long group, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = "c0"; ;)
        {
            var page = await client.Api.SendAsync(
                WeftRequest.Get($"groups/{group}/corrections?after={after}"), WireJson.Default.CorrectionList, stop);
            foreach (var correction in page.Corrections) yield return correction;
            if (page.Next is not { } next) yield break;
            after = next;
        }
    }
}
