using System.Text.Json;
using Weft.Client.Frozen;

namespace Weft.Demo;

/// <summary>A worker like the existing ones, except for its long poll: claims, multiplies, posts.</summary>
internal sealed class DemoWorker(FrozenClient client, string workerId)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true) await RunOnceAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Cancellation is the normal end of a worker.
        }
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        if (await client.ClaimNextAsync(workerId, Wait, stop) is not { } task) return;
        var factors = task.Data.Deserialize(DemoJson.Default.DemoFactors)!;
        var product = DemoMatrix.Multiply(DemoMatrix.Parse(factors.A), DemoMatrix.Parse(factors.B));
        await client.CompleteAsync(task.TaskId, DemoMatrix.Format(product), stop);
    }
}
