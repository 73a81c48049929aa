using System.Text.Json;
using Weft.Client.Frozen;

namespace Weft.Demo;

/// <summary>A main program like the existing ones, but faster: submits, polls for the results, checks them.</summary>
internal sealed class DemoMain(FrozenClient client, DemoTally tally, TimeProvider time)
{
    private static readonly TimeSpan PollIntervalMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan PollIntervalMax = TimeSpan.FromMilliseconds(50);

    /// <summary>Submits every product, at most <paramref name="window"/> at once, and records the outcomes.</summary>
    public async Task RunAsync(IEnumerable<DemoProduct> products, int window, CancellationToken stop)
    {
        await client.CheckHealthAsync(stop);
        var start = time.GetTimestamp();
        await Parallel.ForEachAsync(products,
            new ParallelOptions { MaxDegreeOfParallelism = window, CancellationToken = stop }, RunOneAsync);
        tally.Finish(time.GetElapsedTime(start), await client.ReadStatsAsync(stop));
    }

    private async ValueTask RunOneAsync(DemoProduct product, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var report = await WaitAsync(await client.SubmitAsync(product.Body, stop), stop);
        var right = report is { Status: FrozenState.Completed, Result.ValueKind: JsonValueKind.String }
            && report.Result.ValueEquals(product.Expected);
        tally.Note(product.Index, right, time.GetElapsedTime(start));
    }

    private async Task<FrozenReport> WaitAsync(long taskId, CancellationToken stop)
    {
        for (var interval = PollIntervalMin; ; interval = interval * 2 < PollIntervalMax
            ? interval * 2
            : PollIntervalMax)
        {
            var report = await client.ReadResultAsync(taskId, stop);
            if (report.IsFinished) return report;
            await Task.Delay(interval, time, stop);
        }
    }
}
