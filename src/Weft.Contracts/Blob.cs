namespace Weft.Contracts;

/// <summary>A file that tasks can name.</summary>
/// <param name="Sha256">Its hash, 64 lowercase hex digits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="InUse">True while a stored task or a queue names it: it then can't be deleted.</param>
public sealed record BlobInfo(string Sha256, long Size, DateTimeOffset CreatedAt, bool InUse);

/// <param name="Blobs">Oldest first.</param>
/// <param name="Next">The <c>after</c> for the next page; null at the end.</param>
public sealed record BlobList(IReadOnlyList<BlobInfo> Blobs, string? Next = null);

/// <summary>A file that a task wrote.</summary>
/// <param name="Path">Relative to <c>out</c>, with slashes, up to 255 bytes.</param>
/// <param name="Blob">The hash of its bytes.</param>
/// <param name="Size">Bytes.</param>
public sealed record TaskOutput(string Path, string Blob, long Size);

/// <summary>Where to continue the push of a blob.</summary>
/// <param name="Offset">Bytes that the coordinator has.</param>
public sealed record BlobOffset(long Offset);
