using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

// Reads of how many tasks there are, and of the oldest.
internal sealed partial class StoreReads
{
    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => ListAsync(
        StoreSql.SelectLeased, static row => new LeasedTask(new(row.Long(0)), row.Text(1)), query => query.With(max));

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => _counts.ReadAsync();

    private static Task<IReadOnlyList<QueueCounts>> CountAsync(IStoreReader reader) =>
        reader.RunAsync<IReadOnlyList<QueueCounts>>(statements =>
    {
        var counts = new SortedDictionary<string, StateCounts>(StringComparer.Ordinal);
        var paused = new HashSet<string>(StringComparer.Ordinal);
        statements.Query(reader.Sql.SelectQueueCounts, row => counts[row.Text(0)] = StoreRows.ReadCounts(row, 1));
        statements.Query(StoreSql.SelectPausedQueues, row => paused.Add(row.Text(0)));
        return () =>
        {
            foreach (var queue in paused) counts.TryAdd(queue, default);
            return [.. counts.Select(pair => new QueueCounts(pair.Key, paused.Contains(pair.Key), pair.Value))];
        };
    });

    public Task<IReadOnlyList<ReadyTasks>> ListReadyAsync() => ListAsync(reader.Sql.SelectReadyCounts, static row =>
        new ReadyTasks(row.Text(0), Requirements.Parse(row.Text(1)), (int)Math.Min(row.Long(2), int.MaxValue)));

    /// <summary>The number of ready tasks in each lane that has any, by its id.</summary>
    public Task<IReadOnlyList<(long Lane, string Queue, long Ready)>> ListReadyLanesAsync() => ListAsync(
        reader.Sql.SelectReadyCounts, static row => ((long)row.Int(3), row.Text(0), row.Long(2)));

    /// <summary>
    /// Since when the oldest ready task of each queue has been ready, among the largest of these lanes.
    /// </summary>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListOldestReadyAsync(
        IEnumerable<(long Lane, string Queue, long Ready)> lanes) =>
        reader.RunAsync<IReadOnlyDictionary<string, DateTimeOffset>>(statements =>
    {
        var oldest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (lane, queue, _) in lanes.OrderByDescending(static lane => lane.Ready).Take(Limits.OldestLanesMax))
        {
            statements.Query(StoreSql.SelectOldestReady, row =>
            {
                if (row.TimeOrNull(0) is not { } since) return;
                if (!oldest.TryGetValue(queue, out var known) || since < known) oldest[queue] = since;
            }).With(lane).With(Limits.OldestPrioritiesMax);
        }

        return () => oldest;
    });
}
