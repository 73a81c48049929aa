using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>A row that the open transaction has locked, with what has been decided about it so far.</summary>
internal sealed class LockedTask(TaskRecord stored, Lane lane, int payloadBytes)
{
    /// <summary>As it is in the database.</summary>
    public TaskRecord Stored { get; set; } = stored;

    public TaskRecord Record { get; set; } = stored;

    public Lane Lane => lane;

    /// <summary>The size of its payload: a claim must know it before it fetches the bytes.</summary>
    public int PayloadBytes => payloadBytes;

    /// <summary>
    /// True while this transaction announces it as claimable: a claim of the same transaction takes it from nobody.
    /// </summary>
    public bool IsAnnounced { get; set; }

    public bool IsDeleted { get; set; }

    public bool IsChanged => !ReferenceEquals(Stored, Record);
}
