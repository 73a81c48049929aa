using Weft.Core.UseCases;

namespace Weft.Core.Watching;

/// <summary>Something that needs an operator's attention.</summary>
/// <param name="Code">One word for programs.</param>
/// <param name="Detail">One human-readable sentence.</param>
/// <param name="Queue">The queue concerned; null: no single one.</param>
/// <param name="Count">The number of tasks or attempts concerned; null if it doesn't apply.</param>
public sealed record Attention(string Code, string Detail, string? Queue = null, long? Count = null);

/// <summary>The rules for what needs attention. They match the alerts that come with Weft.</summary>
public static class AttentionRules
{
    private const int QueuesNamedMax = 20;

    // One worker gave the answer, another checks it.
    private const int CheckersLeast = 2;
    private const int FailuresAttemptsLeast = 50;
    private const double FailuresShareMax = 0.1;
    private const double DiskFreeLeast = 0.1;
    private const double OperationsShareMax = 0.75;

    /// <param name="snapshot">The current state.</param>
    /// <param name="lately">The growth of <see cref="WatchedNumbers.Rates"/> in five minutes.</param>
    /// <param name="died">How many tasks became dead in the last 15 minutes.</param>
    public static IEnumerable<Attention> Of(Snapshot snapshot, long[] lately, long died)
    {
        if (!snapshot.IsReady)
        {
            yield return new("store_unready", "The store accepts no changes: see the coordinator's log.");
        }

        foreach (var (queue, count) in snapshot.Unserved
            .OrderByDescending(static queue => queue.Value).ThenBy(static queue => queue.Key, StringComparer.Ordinal)
            .Take(QueuesNamedMax))
        {
            yield return new(
                "unserved", "No worker that was seen in the last minute can run these tasks.", queue, count);
        }

        foreach (var queue in snapshot.Store.Queues
            .Where(static queue => queue.Paused && queue.Counts.Ready > 0)
            .OrderByDescending(static queue => queue.Counts.Ready).Take(QueuesNamedMax))
        {
            yield return new("paused", "The queue is paused while tasks wait in it.", queue.Queue, queue.Counts.Ready);
        }

        foreach (var queue in snapshot.Store.Queues
            .Where(queue => queue.Counts.Checking > 0 && snapshot.Coverage.ProvenOf(queue.Queue) < CheckersLeast)
            .OrderByDescending(static queue => queue.Counts.Checking).Take(QueuesNamedMax))
        {
            yield return new(
                "unchecked", $"Results of {queue.Queue} wait for a check by other workers, and there are none.",
                queue.Queue, queue.Counts.Checking);
        }

        foreach (var (queue, count) in snapshot.Barred.OrderByDescending(static queue => queue.Value)
            .ThenBy(static queue => queue.Key, StringComparer.Ordinal).Take(QueuesNamedMax))
        {
            yield return new(
                "barred", $"{queue}: {(count == 1 ? "1 worker" : $"{count} workers")} disagreed with the others " +
                    "and get no more verified tasks.", queue, count);
        }

        if (died > 0)
        {
            yield return new(
                "dead", $"{(died == 1 ? "1 task" : $"{died} tasks")} died in the last 15 minutes.", Count: died);
        }

        var (claimed, failed) = (lately[WatchedNumbers.Claimed], lately[WatchedNumbers.Failed]);
        if (claimed >= FailuresAttemptsLeast && failed > claimed * FailuresShareMax)
        {
            var share = 100.0 * failed / claimed;
            yield return new("failures", $"{share:0} % of the attempts of the last 5 minutes failed.", Count: failed);
        }

        if (snapshot.Store.WaitingOperations > snapshot.Store.OperationsMax * OperationsShareMax)
        {
            yield return new("overloaded", "The store can't keep up: new tasks are refused.");
        }

        if (snapshot.Store.Files is { } files
            && files.FreeBytes < (files.FreeBytes + files.DatabaseBytes + files.LogBytes) * DiskFreeLeast)
        {
            yield return new("disk_low", "Less than a tenth of the store's disk is free.");
        }
    }
}
