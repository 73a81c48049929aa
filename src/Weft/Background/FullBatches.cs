namespace Weft.Background;

/// <summary>Work in batches of bounded size: another batch is due as long as the last one was full.</summary>
internal static class FullBatches
{
    /// <summary>Runs batches until one isn't full, and returns how many items there were.</summary>
    /// <param name="batchMax">The size of a full batch.</param>
    /// <param name="runBatch">Takes the size of the batch, and returns how many items it had.</param>
    /// <param name="cancellationToken">Ends the run after the current batch.</param>
    public static async Task<int> RunAsync(int batchMax, Func<int, Task<int>> runBatch,
        CancellationToken cancellationToken)
    {
        var total = 0;
        for (var count = batchMax; count == batchMax && !cancellationToken.IsCancellationRequested; total += count)
            count = await runBatch(batchMax);
        return total;
    }
}
