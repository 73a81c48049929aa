namespace Weft.Core;

// Limits of blobs, and of the files that tasks read and write.
public static partial class Limits
{
    /// <summary>Blobs in a store, including unfinished pushes.</summary>
    public const int BlobsMax = 100_000;

    /// <summary>Blobs of one owner.</summary>
    public const int BlobsOfOwnerMax = BlobsMax / 4;

    /// <summary>Unfinished pushes of one owner.</summary>
    public const int BlobUploadsOfOwnerMax = 64;

    /// <summary>An unfinished push that has received no chunk for this long is dropped.</summary>
    public static readonly TimeSpan BlobUploadIdleMax = TimeSpan.FromHours(24);

    /// <summary>Bytes of a blob stored in one transaction: its chunks share a commit.</summary>
    public const int BlobAppendBytes = 4 * ModuleChunkBytes;

    /// <summary>
    /// Chunks of blobs deleted in one transaction: 16 MiB, so that deleting a large blob doesn't delay requests.
    /// </summary>
    public const int BlobCleanChunksMax = 64;

    /// <summary>Unreferenced blobs that one transaction releases.</summary>
    public const int BlobCleanMax = 100;

    /// <summary>Files of one task.</summary>
    public const int FilesMax = 64;

    /// <summary>Files that one task may write.</summary>
    public const int OutputsMax = 64;

    /// <summary>Megabytes of output files that a submitter may request.</summary>
    public const int OutMbMax = 4_096;

    /// <summary>
    /// Outputs that no result names are dropped this long after they were pushed, once their task is no longer running.
    /// </summary>
    public static readonly TimeSpan OutputIdleMax = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of a file's path.</summary>
    public const int FilePathBytesMax = 255;

    /// <summary>Sets of files that one transaction checks for being unreferenced.</summary>
    public const int FileSetCleanMax = 500;

    /// <summary>Bytes of JSON for one task's files: each path may be escaped character by character.</summary>
    public const int FilesJsonBytesMax = FilesMax * ((6 * FilePathBytesMax) + 100);

    /// <summary>Blobs that one transaction checks for being unreferenced.</summary>
    public const int BlobScanMax = 1_000;
}
