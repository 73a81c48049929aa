namespace Weft.Core;

// Bounds of operations on many tasks, and of the audit.
public static partial class Limits
{
    /// <summary>Tasks that one step of a bulk operation changes, in one transaction.</summary>
    public const int BulkStepMax = 500;

    /// <summary>
    /// Pages without a match that one step of a bulk operation reads before it stores where it stands.
    /// </summary>
    public const int BulkEmptyPagesMax = 20;

    /// <summary>Tasks that a dry run looks at, about: it is one request.</summary>
    public const int BulkCountLookMax = 100_000;

    /// <summary>Pages that a dry run reads: with a text to search for, a page is short.</summary>
    public const int BulkCountPagesMax = 100;

    /// <summary>Ids that a bulk operation may name.</summary>
    public const int BulkIdsMax = 1_000;

    /// <summary>Bulk operations of a store that are running or wait for their turn.</summary>
    public const int BulkOperationsMax = 100;

    /// <summary>Of those, the ones that one token started.</summary>
    public const int BulkOperationsOfTokenMax = 10;

    /// <summary>Bulk operations that are kept, for people to look at; retention deletes older ones sooner.</summary>
    public const int BulkOperationsKeptMax = 1_000;

    /// <summary>
    /// How long a coordinator that runs a bulk operation keeps the others of a shared store away with each step.
    /// </summary>
    public static readonly TimeSpan BulkRunnerTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the coordinators of a shared store look for operations that one which is gone has left.
    /// </summary>
    public static readonly TimeSpan BulkTakeOverInterval = TimeSpan.FromSeconds(5);

    /// <summary>Entries of the audit that are kept; retention deletes older ones sooner.</summary>
    public const int AuditKeptMax = 100_000;

    /// <summary>Of those, the ones of one token.</summary>
    public const int AuditOfTokenMax = 10_000;

    /// <summary>
    /// Every Nth run of retention also deletes old bulk operations and entries of the audit: about every ten minutes.
    /// </summary>
    public const int BulkRetentionRounds = 60;
}
