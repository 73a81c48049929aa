using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>The reads of the engine, each on a reading connection in a snapshot of its own.</summary>
internal sealed class SqliteReads(SqliteLanes lanes)
{
    public StoredTask? Find(SqliteConnection connection, (TaskId Id, TaskParts Parts) asked)
    {
        var row = connection.Prepared(SqliteSql.SelectTaskWithError).Bind(asked.Id.Value);
        var task = row.Step() ? SqliteRows.ReadTaskWithError(row, lanes, connection) : null;
        row.Reset();
        if (task is null or { Requires.IsCheck: true }) return null;
        var bytesMax = asked.Parts.HasFlag(TaskParts.SmallOnly) ? Limits.PartBytesSmall : int.MaxValue;
        var large = 0L;
        return new(task)
        {
            Payload = asked.Parts.HasFlag(TaskParts.Payload)
                ? ReadPayload(connection, asked.Id, bytesMax, ref large)
                : null,
            Result = asked.Parts.HasFlag(TaskParts.Result) && task.State == TaskState.Completed
                ? ReadBlob(connection, SqliteSql.SelectResult, asked.Id, bytesMax, ref large)
                : null,
            Outputs = asked.Parts.HasFlag(TaskParts.Result)
                && task is { State: TaskState.Completed, Requires.HasFiles: true }
                ? ReadOutputs(connection, asked.Id)
                : null,
            Owner = asked.Parts.HasFlag(TaskParts.Owner) ? ReadOwner(connection, asked.Id) : null,
            Checkpoint = asked.Parts.HasFlag(TaskParts.Checkpoint)
                ? ReadBlob(connection, SqliteSql.SelectCheckpoint, asked.Id, bytesMax, ref large)
                : null,
            Module = asked.Parts.HasFlag(TaskParts.Module) && task.Requires.HasCall
                ? SqliteModules.ReadCall(connection, asked.Id)
                : null,
            // Set by those above.
            LargeBytes = large,
        };
    }

    private static TokenId? ReadOwner(SqliteConnection connection, TaskId id)
    {
        var row = connection.Prepared(SqliteSql.SelectOwner).Bind(id.Value);
        TokenId? owner = row.Step() ? new(row.Long(0)) : null;
        row.Reset();
        return owner;
    }

    private static ReadOnlyMemory<byte>? ReadOutputs(SqliteConnection connection, TaskId id)
    {
        var row = connection.Prepared(StoreSql.SelectOutputs).Bind(id.Value);
        var outputs = row.Step() ? row.BlobOrNull(0) : null;
        row.Reset();
        return outputs;
    }

    public static Payload? ReadPayload(SqliteConnection connection, TaskId id)
    {
        var large = 0L;
        return ReadPayload(connection, id, int.MaxValue, ref large);
    }

    /// <param name="bytesMax">One with more is left out, and its bytes are added to <paramref name="large"/>.</param>
    private static Payload? ReadPayload(SqliteConnection connection, TaskId id, int bytesMax, ref long large)
    {
        var row = connection.Prepared(SqliteSql.SelectPayload).Bind(id.Value);
        Payload? payload = row.Step() && IsWithin(row, 1, bytesMax, ref large)
            ? new(row.Blob(1), row.Long(0) != 0)
            : null;
        row.Reset();
        return payload;
    }

    private static ReadOnlyMemory<byte>? ReadBlob(
        SqliteConnection connection, string sql, TaskId id, int bytesMax, ref long large)
    {
        var row = connection.Prepared(sql).Bind(id.Value);
        var blob = row.Step() && IsWithin(row, 0, bytesMax, ref large) ? row.BlobOrNull(0) : null;
        row.Reset();
        return blob;
    }

    private static bool IsWithin(SqliteStatement row, int column, int bytesMax, ref long large)
    {
        var bytes = row.BlobBytes(column);
        if (bytes <= bytesMax) return true;
        large += bytes;
        return false;
    }
}
