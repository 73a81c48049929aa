namespace Weft.Storage.Engine;

/// <summary>
/// The statements that engines write differently, since their tables or indexes differ; those that are the same text in
/// every engine are in <see cref="Statements.StoreSql"/>.
/// </summary>
internal abstract partial class EngineSql
{
    /// <summary>Chunk $2 of upload $1, with the bytes $3; gives a row unless the upload was given up.</summary>
    public abstract string InsertChunk { get; }

    /// <summary>Chunk $1 with the bytes $2 of the upload $3 of a blob; a row if it wasn't there.</summary>
    public abstract string InsertBlobChunk { get; }

    /// <summary>The payload of task $2 becomes $1: of a check that is done its task's is enough.</summary>
    public abstract string EmptyPayload { get; }

    /// <summary>
    /// Task $1 of group $2 told what has the hash $3, and it was wrong: $4 is right, or nothing, for the reason $5; at
    /// $6. Numbers are committed in their order.
    /// </summary>
    public abstract string InsertCorrection { get; }

    /// <summary>
    /// What paces worker $1 in queue $2: see <see cref="Statements.CheckSql.Pace"/>; the time is $3 where the engine
    /// has none of its own.
    /// </summary>
    public abstract string SelectPace { get; }

    /// <summary>The tasks of group $1.</summary>
    public abstract TaskSource Members { get; }

    /// <summary>
    /// A page of a source, the newest first or not, with the size of each payload and whether it contains the bytes $1;
    /// the source's own parameters come behind. It ends past <see cref="Core.Limits.ListSearchBytesMax"/>.
    /// </summary>
    public abstract string SearchPage(TaskSource source, bool newestFirst);

    /// <summary>
    /// Seals the group $2 at $1, unless it is sealed; gives a row if there is such a group. Who submits to it at the
    /// same time has come before, or is refused.
    /// </summary>
    public abstract string SealGroup { get; }

    /// <summary>The bulk operation $1, held until the commit where others may change it at the same time.</summary>
    public abstract string LockBulkOperation { get; }

    /// <summary>Groups as g, with their counts in columns named as in <see cref="StateSql.Columns"/>.</summary>
    protected abstract string Groups { get; }

    /// <summary>The same for lanes, as c, by lane; a lane may have several rows.</summary>
    protected abstract string LaneCounts { get; }

    /// <summary>The items of the JSON array in a parameter, as e.value.</summary>
    protected abstract string ItemsOf(string parameter);

    /// <summary>The id of the task that such an item tells of.</summary>
    protected abstract string TaskOfItem { get; }

    /// <summary>
    /// That the id is one of those that are selected, which nobody else is taking: once, before anything else.
    /// </summary>
    protected abstract string IsTaken(string select);
}
