using System.Diagnostics;
using System.Net;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// The loads that scenarios put on the six frozen endpoints of one server, or of several that share their tasks.
/// </summary>
internal sealed class CycleLoad(params IReadOnlyList<IPEndPoint> servers)
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private readonly ClaimLedger ledger = new();

    /// <summary>
    /// Full cycles on each connection for the given time, and at least one; a cycle that has begun is finished, so
    /// nothing stays claimed.
    /// </summary>
    public async Task<LoadResult> RunCyclesAsync(int connections, TimeSpan time, CancellationToken stop)
    {
        using var pool = await LoadPool.OpenAsync(servers, connections, stop);
        var started = Stopwatch.GetTimestamp();
        return await pool.RunAsync(CycleAsync, time + AnswerPatience, stop);

        async Task CycleAsync(HttpConnection connection, int index, LoadTally tally)
        {
            var client = new CycleClient(connection, index, ledger, tally, mayWait: servers.Count > 1);
            do await client.CycleAsync();
            while (Stopwatch.GetElapsedTime(started) < time);
        }
    }

    /// <summary>Submits tasks that nobody claims, over as many connections as a group commit can use.</summary>
    public async Task<LoadResult> SubmitAsync(int count, TimeSpan patience, CancellationToken stop)
    {
        const int connections = 128;
        using var pool = await LoadPool.OpenAsync(servers, connections, stop);
        var left = count;
        return await pool.RunAsync(SubmitAsync, patience, stop);

        async Task SubmitAsync(HttpConnection connection, int index, LoadTally tally)
        {
            var client = new CycleClient(connection, index, ledger, tally);
            while (Interlocked.Decrement(ref left) >= 0) await client.SubmitAsync();
        }
    }
}
