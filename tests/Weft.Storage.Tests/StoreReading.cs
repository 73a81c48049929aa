using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests;

/// <summary>Reads for as long as the test runs.</summary>
internal static class StoreReading
{
    public static Task<TaskPage> ListAsync(this ITaskStore store, TaskFilter filter, TaskId? after, int limit) =>
        store.ListAsync(filter, after, limit, TestContext.Current.CancellationToken);

    /// <summary>Whoever has it.</summary>
    public static Task<BulkOperation?> FindRunningAsync(this IBulkStore store) =>
        store.FindRunningAsync("", DateTimeOffset.MaxValue);

    public static Task<BulkMatch> CountAsync(this IBulkStore store, BulkOrder order) =>
        store.CountAsync(order, TestContext.Current.CancellationToken);
}
