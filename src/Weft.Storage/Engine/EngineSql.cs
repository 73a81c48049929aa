namespace Weft.Storage.Engine;

/// <summary>
/// The statements that differ between engines, since their tables or indexes differ; those with the same text in every
/// engine are in <see cref="Statements.StoreSql"/>.
/// </summary>
internal abstract partial class EngineSql
{
    /// <summary>Chunk $2 of upload $1, with the bytes $3; returns a row unless the upload was given up.</summary>
    public abstract string InsertChunk { get; }

    /// <summary>
    /// Chunk $1 with the bytes $2 of the upload $3 of a blob; returns a row if it wasn't stored before.
    /// </summary>
    public abstract string InsertBlobChunk { get; }

    /// <summary>Sets the payload of task $2 to $1: a finished check needs only its task's.</summary>
    public abstract string EmptyPayload { get; }

    /// <summary>
    /// The reported result of task $1 of group $2, with the hash $3, was wrong: $4 is correct, or nothing, for the
    /// reason $5; at $6. Numbers are committed in order.
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
    /// A page of a source, newest first or not, with the size of each payload and whether it contains the bytes $1; the
    /// source's own parameters follow. It ends after <see cref="Core.Limits.ListSearchBytesMax"/>.
    /// </summary>
    public abstract string SearchPage(TaskSource source, bool newestFirst);

    /// <summary>
    /// Seals the group $2 at $1, unless it is sealed; returns a row if the group exists. A simultaneous submit to it
    /// either comes before, or is refused.
    /// </summary>
    public abstract string SealGroup { get; }

    /// <summary>The bulk operation $1, locked until the commit if others may change it at the same time.</summary>
    public abstract string LockBulkOperation { get; }

    /// <summary>Groups as g, with their counts in columns named as in <see cref="StateSql.Columns"/>.</summary>
    protected abstract string Groups { get; }

    /// <summary>The same for lanes, as c, by lane; a lane may have several rows.</summary>
    protected abstract string LaneCounts { get; }

    /// <summary>The items of the JSON array in a parameter, as e.value.</summary>
    protected abstract string ItemsOf(string parameter);

    /// <summary>The id of such an item's task.</summary>
    protected abstract string TaskOfItem { get; }

    /// <summary>
    /// The condition that an id is in a selection and that nobody else is taking it; must be the first condition.
    /// </summary>
    protected abstract string IsTaken(string select);
}
