namespace Weft.Core;

// Limits of single requests: batches, lists and bodies.
public static partial class Limits
{
    /// <summary>Characters of a tracestate that are kept.</summary>
    public const int TraceStateCharsMax = 512;

    public const int SubmitBatchMax = 1_000;
    public const int SettleBatchMax = 1_000;
    public const int ClaimBatchMax = 1_000;
    public const int ClaimQueuesMax = 32;
    public const int ListPageMax = 1_000;

    /// <summary>Rows that one listed page may read if the filter matches few.</summary>
    public const int ListScanMax = 10_000;

    /// <summary>
    /// How long one listed page may read, checked after this many rows: it then ends early and returns its position.
    /// </summary>
    public static readonly TimeSpan ListTimeMax = TimeSpan.FromMilliseconds(20);
    public const int ListTimedEach = 1_024;

    /// <summary>The same if payloads are searched for a text.</summary>
    public const int ListSearchMax = 2_000;

    /// <summary>Bytes of payloads that one listed page searches, plus the last payload.</summary>
    public const int ListSearchBytesMax = 4 << 20;

    /// <summary>Characters of a text to search for in errors or payloads.</summary>
    public const int ListTextCharsMax = 256;

    /// <summary>
    /// Characters of errors in one listed page, plus the first: each may have <see cref="ErrorCharsMax"/>, and six
    /// times as many bytes as JSON.
    /// </summary>
    public const int ListPageErrorCharsMax = 256 << 10;

    /// <summary>Bytes of a payload, result or checkpoint that is read without a check of its size first.</summary>
    public const int PartBytesSmall = 16 << 10;

    /// <summary>Bytes of one task's payload or result in a batch.</summary>
    public const int BatchItemBytesMax = 1 << 20;

    /// <summary>Bytes of one request of the new surface.</summary>
    public const int RequestBytesMax = 32 << 20;

    /// <summary>Bytes of results that one commit of a settle stores, plus the first.</summary>
    public const int SettlePartBytes = 256 << 10;

    /// <summary>Bytes of payloads that one claim returns, plus the first task.</summary>
    public const int ClaimBytesMax = 32 << 20;

    /// <summary>Bytes of results that are read for one page of a group's receipts, plus the last.</summary>
    public const int ReceiptsBytesMax = 4 << 20;

    /// <summary>Bytes of results in one page of a group's results, plus the first.</summary>
    public const int ResultsPageBytesMax = 4 << 20;

    /// <summary>
    /// Levels of JSON in a payload or a result of the frozen surface. Deeper JSON is passed on as text: .NET's parser
    /// takes time quadratic in the depth.
    /// </summary>
    public const int JsonDepthMax = 1_000;
}
