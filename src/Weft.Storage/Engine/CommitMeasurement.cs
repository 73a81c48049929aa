using Weft.Core.Metrics;

namespace Weft.Storage.Engine;

/// <summary>How writers report to <see cref="StoreMeter"/>.</summary>
internal static class CommitMeasurement
{
    /// <summary>The batch was committed.</summary>
    /// <param name="meter">Records it.</param>
    /// <param name="batch">The operations that shared the transaction.</param>
    /// <param name="began">When it began, by <see cref="StoreMeter.Now"/>.</param>
    public static void Committed(this StoreMeter meter, List<StoreOperation> batch, long began)
    {
        meter.Committed(began, batch.Count);
        foreach (var operation in batch)
        {
            meter.Count(operation.Verb);
            meter.Waited(operation.MeteredAt, began);
        }
    }

    public static RollbackReason ReasonOf(FailureKind kind) => kind switch
    {
        FailureKind.Conflict => RollbackReason.Deadlock,
        FailureKind.ConnectionLost => RollbackReason.Connection,
        FailureKind.OutcomeUnknown => RollbackReason.Unknown,
        FailureKind.Store => RollbackReason.Busy,
        _ => RollbackReason.Verb,
    };
}
