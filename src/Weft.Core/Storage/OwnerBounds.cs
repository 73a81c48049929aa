namespace Weft.Core.Storage;

/// <summary>
/// The limits of one owner besides tasks, so that no single owner can exhaust the limits of all:
/// <see cref="Limits.QueuesMax"/> and others.
/// </summary>
/// <param name="Queues">Queues in which it was the first to need a set of requirements, until they are empty.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Modules">Modules that it pushed.</param>
/// <param name="ModuleBytes">Bytes of those modules.</param>
/// <param name="BlobBytes">Bytes of the blobs that it pushed or is pushing.</param>
public sealed record OwnerBounds(
    int Queues, int Groups, int Modules, long ModuleBytes, long BlobBytes = long.MaxValue)
{
    /// <summary>Blobs that it pushed or is pushing.</summary>
    public int Blobs { get; init; } = Limits.BlobsOfOwnerMax;

    /// <summary>No limits.</summary>
    public static readonly OwnerBounds Any = new(int.MaxValue, int.MaxValue, int.MaxValue, long.MaxValue);
}
