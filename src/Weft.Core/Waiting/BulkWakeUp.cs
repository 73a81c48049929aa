namespace Weft.Core.Waiting;

/// <summary>
/// Wakes the loop that runs bulk operations when one is started, so that a coordinator without operations doesn't query
/// its store for them.
/// </summary>
public sealed class BulkWakeUp : LoopWakeUp;
