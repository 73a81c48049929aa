using Weft.Contracts;
using Weft.Core.Storage;
using TaskFilter = Weft.Core.Storage.TaskFilter;

namespace Weft.Http.Api;

/// <summary>Bulk operations on the wire.</summary>
internal static class OperationJson
{
    private const string OpenActor = "open";

    // In the order of their numbers.
    private static readonly string[] Actions =
        [OperationActions.Retry, OperationActions.Cancel, OperationActions.Delete, OperationActions.Priority];

    private static readonly string[] States =
        [OperationStates.Running, OperationStates.Finished, OperationStates.Stopped];

    public static bool TryParseAction(string text, out BulkAction action)
    {
        var index = Array.IndexOf(Actions, text);
        action = (BulkAction)Math.Max(0, index);
        return index >= 0;
    }

    public static string NameOf(BulkAction action) => Actions[(int)action];

    public static Operation ToWire(this BulkOperation operation)
    {
        var (order, counts) = (operation.Order, operation.Counts);
        var token = order.Actor.Token?.Value;
        return new(
            operation.Id.Value, Actions[(int)order.Action], States[(int)operation.State],
            order.Selection.Filter is { } filter ? ToWire(filter) : null, operation.IdCount, order.Priority,
            counts.Looked, counts.Matched, counts.Changed, counts.Refused, operation.StartedAt, operation.FinishedAt,
            NameOf(order.Actor), token, operation.Reason);
    }

    /// <summary>The actor, human-readable.</summary>
    public static string NameOf(BulkActor actor) =>
        actor.Name ?? (actor.Token is { } token ? $"token {token}" : OpenActor);

    private static OperationFilter ToWire(TaskFilter filter) => new(
        filter.State?.Text(), filter.Queue, filter.Group?.Value, filter.Type, filter.WorkerId, filter.Priority,
        filter.SubmittedAfter, filter.SubmittedBefore, filter.FinishedAfter, filter.FinishedBefore, filter.ErrorText,
        filter.PayloadText);
}
