namespace Weft.Core.Waiting;

/// <summary>
/// Wakes the loop that runs bulk operations when one is started: a coordinator on which nobody starts any asks its
/// store for none.
/// </summary>
public sealed class BulkWakeUp : LoopWakeUp;
