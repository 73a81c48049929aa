using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

// Reads one task by its id.
internal sealed partial class StoreReads
{
    /// <summary>A task with some of its parts; null: there is none, or it is a check, which nobody submitted.</summary>
    public Task<StoredTask?> FindAsync(TaskId id, TaskParts parts) => reader.RunAsync<StoredTask?>(statements =>
    {
        StoredTask? found = null;
        ModuleCall? call = null;
        statements.Query(StoreSql.SelectTaskWithParts, row =>
        {
            var lane = reader.LaneOf(row.Int(TaskRow.Lane), statements);
            if (!lane.Requires.IsCheck) found = ReadParts(row, lane, parts);
        })
            .With(Asks(TaskParts.Payload))
            .With(Asks(TaskParts.Result))
            .With(Asks(TaskParts.Checkpoint))
            .With(Asks(TaskParts.Owner))
            .With(id.Value);
        if (parts.HasFlag(TaskParts.Module)) statements.Query(StoreSql.SelectTaskCall, row =>
            call = StoreRows.ReadTaskCall(row)).With(id.Value);
        return () => call is null || found is null ? found : found with { Module = call };

        long Asks(TaskParts part) => parts.HasFlag(part) ? 1 : 0;
    });

    /// <summary><see cref="StoreSql.SelectTaskWithParts"/>.</summary>
    private static StoredTask ReadParts(IRow row, Lane lane, TaskParts parts)
    {
        const int Next = TaskRow.ColumnCount + 1;
        var bytesMax = parts.HasFlag(TaskParts.SmallOnly) ? Limits.PartBytesSmall : long.MaxValue;
        var large = 0L;
        return new(TaskRow.Read(row, lane, row.TextOrNull(TaskRow.ColumnCount)))
        {
            Payload = IsThere(Next + 1) ? new Payload(row.Bytes(Next + 1), row.Bool(Next)) : null,
            Result = IsThere(Next + 2) ? row.BytesOrNull(Next + 2) : null,
            Outputs = row.BytesOrNull(Next + 3),
            Checkpoint = IsThere(Next + 4) ? row.BytesOrNull(Next + 4) : null,
            Owner = StoreRows.ReadOwner(row, Next + 5),
            // Set by those above.
            LargeBytes = large,
        };

        bool IsThere(int column)
        {
            if (row.IsNull(column)) return false;
            var bytes = row.BytesCount(column);
            if (bytes <= bytesMax) return true;
            large += bytes;
            return false;
        }
    }
}
