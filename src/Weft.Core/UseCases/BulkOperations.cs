using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Core.UseCases;

/// <summary>
/// Starts, reads and stops bulk operations. Whose tasks an operation changes is decided when it is started: a caller
/// without the scope admin can only change its own. Others' operations are treated as absent.
/// </summary>
public sealed class BulkOperations(IBulkStore store, BulkWakeUp wakeUp)
{
    public const string StoppedByHand = "stopped";

    /// <summary>Stores the operation; the background loop runs it.</summary>
    public async Task<BulkStart> StartAsync(Caller caller, BulkAction action, BulkSelection selection, int? priority)
    {
        var start = await store.StartAsync(OrderOf(caller, action, selection, priority));
        if (start.Status == BulkStartStatus.Started) wakeUp.Wake();
        return start;
    }

    /// <summary>Counts the tasks that the operation would match, and changes nothing.</summary>
    public Task<BulkMatch> CountAsync(
        Caller caller, BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        store.CountAsync(OrderOf(caller, action, selection, priority: null), cancellationToken);

    /// <returns>Null: it doesn't exist, or the caller may not see it.</returns>
    public async Task<BulkOperation?> FindAsync(Caller caller, BulkOperationId id) =>
        await store.FindAsync(id) is { } operation && caller.Sees(operation.Order.Actor.Token) ? operation : null;

    public Task<BulkPage> ListAsync(Caller caller, BulkOperationId? before, int limit) =>
        store.ListAsync(caller.SeesOnly, before, limit);

    /// <summary>Stops an operation; one that has ended isn't affected.</summary>
    /// <returns>Null: it doesn't exist, or the caller may not change it.</returns>
    public async Task<BulkOperation?> StopAsync(Caller caller, BulkOperationId id)
    {
        if (await store.FindAsync(id) is not { } operation) return null;
        if (!caller.MayChange(operation.Order.Actor.Token)) return null;
        if (!await store.StopAsync(id, StoppedByHand)) return await store.FindAsync(id);
        return await OutcomeUnknownGuard.RunAsync(store.FindAsync(id));
    }

    private static BulkOrder OrderOf(Caller caller, BulkAction action, BulkSelection selection, int? priority) =>
        new(action, selection, priority, caller.ChangesOnly, new(caller.Owner, caller.Token?.Grant.Name));
}
