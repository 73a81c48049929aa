namespace Weft.Core;

// Bounds of blobs, and of the files that tasks read and write.
public static partial class Limits
{
    /// <summary>Blobs of a store, with those that are being pushed.</summary>
    public const int BlobsMax = 100_000;

    /// <summary>Of those, the ones of one owner.</summary>
    public const int BlobsOfOwnerMax = BlobsMax / 4;

    /// <summary>Blobs that one owner may be pushing at once.</summary>
    public const int BlobUploadsOfOwnerMax = 64;

    /// <summary>An unfinished push of a blob that got no chunk for this long is dropped.</summary>
    public static readonly TimeSpan BlobUploadIdleMax = TimeSpan.FromHours(24);

    /// <summary>Bytes of a blob that are stored in one transaction: chunks of it share a commit.</summary>
    public const int BlobAppendBytes = 4 * ModuleChunkBytes;

    /// <summary>
    /// Chunks of blobs that are deleted in one transaction: 16 MiB, so that the end of a large blob doesn't hold up
    /// requests.
    /// </summary>
    public const int BlobCleanChunksMax = 64;

    /// <summary>Blobs that one transaction gives up because nothing names them.</summary>
    public const int BlobCleanMax = 100;

    /// <summary>Files of one task.</summary>
    public const int FilesMax = 64;

    /// <summary>Files that one task may write.</summary>
    public const int OutputsMax = 64;

    /// <summary>Megabytes of them that a submitter may ask for.</summary>
    public const int OutMbMax = 4_096;

    /// <summary>
    /// Outputs that were pushed and that no result names, of a task that isn't at work any more, are dropped this long
    /// after they came.
    /// </summary>
    public static readonly TimeSpan OutputIdleMax = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of a file's path.</summary>
    public const int FilePathBytesMax = 255;

    /// <summary>Sets of files that one transaction looks at to find those that no task names.</summary>
    public const int FileSetCleanMax = 500;

    /// <summary>Bytes of JSON of one task's files: each path may be escaped character by character.</summary>
    public const int FilesJsonBytesMax = FilesMax * ((6 * FilePathBytesMax) + 100);

    /// <summary>Blobs that one transaction looks at to find those that nothing names.</summary>
    public const int BlobScanMax = 1_000;
}
