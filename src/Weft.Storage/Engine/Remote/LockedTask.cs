using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>A row that the open transaction has locked, with the decisions about it so far.</summary>
internal sealed class LockedTask(TaskRecord stored, Lane lane, int payloadBytes)
{
    /// <summary>The columns of <see cref="TaskRow"/>, and the bytes of the payload.</summary>
    public const string Columns = $"{TaskRow.Columns}, t.payload_bytes";

    public const int ColumnCount = TaskRow.ColumnCount + 1;

    /// <summary>The record in the database.</summary>
    public TaskRecord Stored { get; set; } = stored;

    public TaskRecord Record { get; set; } = stored;

    public Lane Lane => lane;

    /// <summary>The size of its payload: a claim must know it before it reads the bytes.</summary>
    public int PayloadBytes => payloadBytes;

    /// <summary>The number of its files, if a claim requested it; null for none.</summary>
    public long? Files { get; set; }

    /// <summary>
    /// True while this transaction announces it as claimable: a claim of the same transaction takes it from nobody.
    /// </summary>
    public bool IsAnnounced { get; set; }

    public bool IsDeleted { get; set; }

    public bool IsChanged => !ReferenceEquals(Stored, Record);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public static LockedTask Read<TRow>(TRow row, Lane lane)
        where TRow : IRow => new(TaskRow.Read(row, lane), lane, row.Int(TaskRow.ColumnCount));
}
