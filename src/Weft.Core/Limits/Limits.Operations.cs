namespace Weft.Core;

// Limits of bulk operations, and of the audit log.
public static partial class Limits
{
    /// <summary>Tasks that one step of a bulk operation changes, in one transaction.</summary>
    public const int BulkStepMax = 500;

    /// <summary>Pages without a match that one step of a bulk operation reads before it stores its position.</summary>
    public const int BulkEmptyPagesMax = 20;

    /// <summary>Tasks that a dry run reads, approximately: it is a single request.</summary>
    public const int BulkCountLookMax = 100_000;

    /// <summary>Pages that a dry run reads: with a text to search for, a page is short.</summary>
    public const int BulkCountPagesMax = 100;

    /// <summary>Ids that a bulk operation may name.</summary>
    public const int BulkIdsMax = 1_000;

    /// <summary>Unfinished bulk operations of a store, running or queued.</summary>
    public const int BulkOperationsMax = 100;

    /// <summary>Unfinished bulk operations of one token.</summary>
    public const int BulkOperationsOfTokenMax = 10;

    /// <summary>Finished bulk operations that are kept; retention deletes older ones earlier.</summary>
    public const int BulkOperationsKeptMax = 1_000;

    /// <summary>How long a coordinator reserves a bulk operation on a shared store with each step.</summary>
    public static readonly TimeSpan BulkRunnerTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the coordinators of a shared store check for operations of one that has disappeared.
    /// </summary>
    public static readonly TimeSpan BulkTakeOverInterval = TimeSpan.FromSeconds(5);

    /// <summary>Entries of the audit log that are kept; retention deletes older ones earlier.</summary>
    public const int AuditKeptMax = 100_000;

    /// <summary>Entries of one token.</summary>
    public const int AuditOfTokenMax = 10_000;

    /// <summary>
    /// Every Nth run of retention also deletes old bulk operations and audit entries: about every ten minutes.
    /// </summary>
    public const int BulkRetentionRounds = 60;
}
