using Npgsql;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>The reads of the engine, each one statement and a snapshot of its own.</summary>
internal sealed class PostgresReads(SharedLanes lanes)
{
    public async Task<StoredTask?> FindAsync(NpgsqlConnection connection, (TaskId Id, TaskParts Parts) asked)
    {
        StoredTask? found = null;
        await using var trip = new PostgresRoundTrip(connection);
        trip.Query(PostgresSql.SelectTasks, row =>
            found = ReadStored(row, asked.Parts.HasFlag(TaskParts.SmallOnly) ? Limits.PartBytesSmall : long.MaxValue))
            .With([asked.Id.Value])
            .With([asked.Parts.HasFlag(TaskParts.Payload)])
            .With([asked.Parts.HasFlag(TaskParts.Result)])
            .With([asked.Parts.HasFlag(TaskParts.Checkpoint)])
            .With([asked.Parts.HasFlag(TaskParts.Owner)]);
        ModuleCall? call = null;
        if (asked.Parts.HasFlag(TaskParts.Module)) trip.Query(PostgresSql.Own.SelectTaskModules, row =>
            call = StoreRows.ReadTaskCall(row))
            .With([asked.Id.Value]);
        await trip.SendAsync();
        if (found is { Task.Requires.IsCheck: true }) return null;
        return call is null || found is null ? found : found with { Module = call };
    }

    private StoredTask ReadStored(PostgresRow row, long bytesMax)
    {
        const int Next = LockedTask.ColumnCount + 1;
        var large = 0L;
        return new(TaskRow.Read(row, LaneOf(row), row.TextOrNull(LockedTask.ColumnCount)))
        {
            Payload = row.IsNull(Next) || !IsWithin(Next + 1) ? null : new Payload(row.Bytes(Next + 1), row.Bool(Next)),
            Result = IsWithin(Next + 2) ? row.BytesOrNull(Next + 2) : null,
            Checkpoint = IsWithin(Next + 3) ? row.BytesOrNull(Next + 3) : null,
            Owner = StoreRows.ReadOwner(row, Next + 4),
            Outputs = row.BytesOrNull(Next + 5),
            // Set by those above.
            LargeBytes = large,
        };

        bool IsWithin(int column)
        {
            var bytes = row.BytesCount(column);
            if (bytes <= bytesMax) return true;
            large += bytes;
            return false;
        }
    }

    private Lane LaneOf(PostgresRow row) =>
        lanes.Find(row.Int(TaskRow.Lane)) ?? throw new StaleCacheException();

}
