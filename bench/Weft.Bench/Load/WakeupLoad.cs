using System.Diagnostics;
using System.Net;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// Many workers hold a claim each; one main program submits a task, sees it reach one of them, and submits the next.
/// </summary>
/// <param name="submitAt">Where tasks are submitted.</param>
/// <param name="pollAt">Where workers wait, at each in turn.</param>
/// <param name="polls">How many wait.</param>
internal sealed class WakeupLoad(IPEndPoint submitAt, IReadOnlyList<IPEndPoint> pollAt, int polls)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ClaimLedger ledger = new();

    /// <summary>
    /// The latencies are from before the submit was sent to the worker's answer; cycles are tasks that arrived.
    /// </summary>
    /// <param name="settle">How long all claims are held before the first task.</param>
    /// <param name="time">How long tasks are submitted; with <paramref name="settle"/> less than the longest wait, 25
    /// s.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task<LoadResult> RunAsync(TimeSpan settle, TimeSpan time, CancellationToken stop)
    {
        using var delivered = new SemaphoreSlim(0);
        using var pool =
            await LoadPool.OpenAsync([submitAt,
                .. Enumerable.Range(0, polls).Select(poll => pollAt[poll % pollAt.Count])], polls + 1, stop);
        var started = Stopwatch.GetTimestamp();
        return await pool.RunAsync((connection, index, tally) => index == 0 ? SubmitAsync(connection, tally)
            : PollAsync(connection, index, tally), settle + time + Patience, stop);

        async Task SubmitAsync(HttpConnection connection, LoadTally tally)
        {
            await Task.Delay(settle, TimeProvider.System, stop);
            while (Stopwatch.GetElapsedTime(started) < settle + time)
            {
                var answer =
                    await connection.ExchangeAsync(HttpRequest.Post("/api/v1/tasks",
                        $$"""{"payload":{{Stopwatch.GetTimestamp()}}}"""));
                if (answer.Status != 201) tally.AddBad("POST /tasks", answer);
                else if (!await delivered.WaitAsync(Patience, stop))
                    tally.AddBad("A task reached none of the waiting workers.");
                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }

        async Task PollAsync(HttpConnection connection, int worker, LoadTally tally)
        {
            // A little longer than tasks come: a claim that ends empty before its time would be a wrong answer.
            while (settle + time + Pause * 500 - Stopwatch.GetElapsedTime(started) is { TotalMilliseconds: > 1 } left)
            {
                var answer = await connection.ExchangeAsync(HeldPoll.Request(worker, left));
                if (HeldPoll.IsEmpty(answer) && Stopwatch.GetElapsedTime(started) > settle + time) continue;
                if (HeldPoll.TaskOf(answer) is not var (id, submitted) || !ledger.TryAdd(id))
                {
                    tally.AddBad("POST /tasks/claim (wrong, handed out before, or ended early)", answer);
                    return;
                }

                tally.Latency.Add(Stopwatch.GetElapsedTime(submitted).Ticks * TimeSpan.NanosecondsPerTick);
                tally.Cycles++;
                delivered.Release();
            }
        }
    }
}
