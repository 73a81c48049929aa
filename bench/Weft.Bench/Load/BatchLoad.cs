using System.Diagnostics;
using System.Net;

namespace Weft.Bench.Load;

/// <summary>
/// Main programs and workers that do everything a hundred at a time, on one server or on several that share their
/// tasks.
/// </summary>
/// <param name="servers">The servers.</param>
/// <param name="mainCount">How many main programs.</param>
/// <param name="workerCount">How many workers.</param>
/// <param name="workerKeys">By which each worker proves who it is; null: none does.</param>
internal sealed class BatchLoad(
    IReadOnlyList<IPEndPoint> servers, int mainCount, int workerCount, IReadOnlyList<string>? workerKeys = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClaimLedger ledger = new();

    /// <summary>
    /// Jobs one after the other on each main connection for the given time; one that has begun is finished. Measured
    /// until the last result is read.
    /// </summary>
    public async Task<LoadResult> RunAsync(TimeSpan time, CancellationToken stop)
    {
        using var mains = await LoadPool.OpenAsync(servers, mainCount, stop);
        using var workers = await LoadPool.OpenAsync(servers, workerCount, stop);
        var isOver = false;
        var working =
            workers.RunAsync((connection, index,
                tally) => new BatchWorker(connection, index, ledger, tally, workerKeys?[index])
                    .RunAsync(() => Volatile.Read(ref isOver)),
                time + Patience, stop);

        var started = Stopwatch.GetTimestamp();
        var result = await mains.RunAsync(async (connection, _, tally) =>
        {
            var main = new BatchMain(connection, tally);
            while (tally.Bad == 0 && Stopwatch.GetElapsedTime(started) < time) await main.RunJobAsync();
        }, time + Patience, stop);
        Volatile.Write(ref isOver, true);

        // The workers' answers are checked with the mains', but the latency that counts is a batch's, not a held
        // poll's.
        var worked = (await working).Tally;
        if (worked.FirstBad is { } reason) result.Tally.AddBad(reason);
        return result;
    }
}
