namespace Weft.Storage.Engine;

/// <summary>
/// The statements that engines write differently, since their tables or indexes differ; those that are the same text in
/// every engine are in <see cref="Statements.StoreSql"/>.
/// </summary>
internal abstract class EngineSql
{
    /// <summary>Chunk $2 of upload $1, with the bytes $3; gives a row unless the upload was given up.</summary>
    public abstract string InsertChunk { get; }

    /// <summary>The payload of task $2 becomes $1: of a check that is done its task's is enough.</summary>
    public abstract string EmptyPayload { get; }

    /// <summary>The tasks of group $1.</summary>
    public abstract TaskSource Members { get; }

    /// <summary>
    /// A page of a source, the newest first or not, with the size of each payload and whether it contains the bytes $1;
    /// the source's own parameters come behind. It ends past <see cref="Core.Limits.ListSearchBytesMax"/>.
    /// </summary>
    public abstract string SearchPage(TaskSource source, bool newestFirst);

    /// <summary>Queue, and a count for each state.</summary>
    public abstract string SelectQueueCounts { get; }

    /// <summary>Queue, requirements and ready tasks of each lane that has any.</summary>
    public abstract string SelectReadyCounts { get; }

    /// <summary>
    /// Seals the group $2 at $1, unless it is sealed; gives a row if there is such a group. Who submits to it at the
    /// same time has come before, or is refused.
    /// </summary>
    public abstract string SealGroup { get; }

    /// <summary>The bulk operation $1, held until the commit where others may change it at the same time.</summary>
    public abstract string LockBulkOperation { get; }

    /// <summary>
    /// Takes what is due at $3 for webhook $2, at most $4, until $1: id, body, creation, attempts, and that time.
    /// </summary>
    public abstract string TakeDeliveries { get; }

    /// <summary>
    /// Stores each item of the JSON array $3 to be sent to webhook $1 at once, at $2, unless over $4 wait for it.
    /// </summary>
    public abstract string InsertDeliveries { get; }

    /// <summary>The same with those items alone whose tasks are of owner $4, unless over $5 wait.</summary>
    public abstract string InsertOwnedDeliveries { get; }

    /// <summary>
    /// Counts the items of the JSON array $1 whose tasks are of owner $2 as dropped by webhook $3, if over $4 wait.
    /// </summary>
    public abstract string CountOwnedDropped { get; }

    /// <summary>
    /// Stores that group $4 has finished, if it has, to be sent to webhook $1, at $3, which is $2 as text; unless over
    /// $5 wait for it, or the group isn't of owner $6, if there is one.
    /// </summary>
    public abstract string InsertGroupDelivery { get; }

    /// <summary>The group $1.</summary>
    public abstract string SelectGroup { get; }

    /// <summary>Groups before $1, at most $2.</summary>
    public abstract string SelectGroupsNewestFirst { get; }

    /// <summary>Groups of owner $1 before $2, at most $3.</summary>
    public abstract string SelectOwnGroupsNewestFirst { get; }

    /// <summary>Tasks of group $1 after $2 with their results, at most $3.</summary>
    public abstract string SelectResultsAsSubmitted { get; }
}
