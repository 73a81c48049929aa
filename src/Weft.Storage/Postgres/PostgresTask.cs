using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>A row that the open transaction has locked, with what has been decided about it so far.</summary>
internal sealed class PostgresTask(TaskRecord stored, PostgresLane lane, int payloadBytes)
{
    /// <summary>As it is in the database.</summary>
    public TaskRecord Stored { get; set; } = stored;

    public TaskRecord Record { get; set; } = stored;

    public PostgresLane Lane => lane;

    /// <summary>The size of its payload: a claim must know it before it fetches the bytes.</summary>
    public int PayloadBytes => payloadBytes;

    /// <summary>True when this transaction made it claimable, so that a claim of the same transaction takes it from nobody.</summary>
    public bool MadeReady { get; set; }

    public bool IsDeleted { get; set; }

    public bool IsChanged => !ReferenceEquals(Stored, Record);
}
