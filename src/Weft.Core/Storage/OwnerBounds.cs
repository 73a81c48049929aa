namespace Weft.Core.Storage;

/// <summary>
/// What one owner may have besides tasks, so that nobody alone reaches the bounds of all:
/// <see cref="Limits.QueuesMax"/> and others.
/// </summary>
/// <param name="Queues">Queues in which it was the first to need a set of requirements, until they are empty.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Modules">Modules that it pushed.</param>
/// <param name="ModuleBytes">Bytes of those.</param>
/// <param name="BlobBytes">Bytes of the blobs that it pushed or is pushing.</param>
public sealed record OwnerBounds(
    int Queues, int Groups, int Modules, long ModuleBytes, long BlobBytes = long.MaxValue)
{
    /// <summary>How many blobs it pushed or is pushing.</summary>
    public int Blobs { get; init; } = Limits.BlobsOfOwnerMax;

    /// <summary>Bounds that nobody meets.</summary>
    public static readonly OwnerBounds Any = new(int.MaxValue, int.MaxValue, int.MaxValue, long.MaxValue);
}
