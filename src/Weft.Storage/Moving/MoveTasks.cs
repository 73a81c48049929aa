using Npgsql;
using Weft.Storage.Postgres;

namespace Weft.Storage.Moving;

/// <summary>Tasks, with all that belongs to them: into the database, and back as hashes.</summary>
internal static class MoveTasks
{
    /// <summary>Stores tasks and how far that brings the move, in one transaction.</summary>
    public static Task StoreAsync(MoveTarget target, List<MovedTask> tasks) => target.StoreAsync(async () =>
    {
        var to = target.Connection;
        await PostgresCopy.RunAsync(to, PostgresSql.CopyTasks, tasks, PutAsync);
        await PostgresCopy.RunAsync(to, PostgresSql.CopyPayloads, tasks, static async (row, task) =>
        {
            await row.PutAsync(task.Id);
            await row.PutAsync(task.IsJson);
            await row.PutAsync(task.Payload);
            await row.PutAsync(task.Key);
            await row.PutAsync(task.Group);
        });
        await CopyBodiesAsync(to, PostgresSql.CopyResults, tasks, static task => task.Result);
        await CopyBodiesAsync(to, PostgresSql.CopyCheckpoints, tasks, static task => task.Checkpoint);
        await PostgresCopy.RunAsync(to, PostgresSql.CopyErrors, tasks.Where(static task => task.Error is not null), static async (row, task) =>
        {
            await row.PutAsync(task.Id);
            await row.PutAsync(task.Error);
        });
        await PostgresCopy.RunAsync(to, PostgresSql.CopyOwners, tasks.Where(static task => task.Owner is not null), static async (row, task) =>
        {
            await row.PutAsync(task.Id);
            await row.PutAsync(task.Owner);
        });
        await PostgresCopy.RunAsync(to, PostgresSql.CopyTaskModules, tasks.Where(static task => task.Module is not null), static async (row, task) =>
        {
            await row.PutAsync(task.Id);
            await row.PutAsync(task.Module);
            await row.PutAsync(task.Run);
        });
        await target.RunAsync(PostgresSql.UpdateMovedTask, tasks[^1].Id);
    });

    /// <summary>What has arrived after an id, with hashes for bodies.</summary>
    public static Task<List<MovedTask>> ReadAsync(MoveTarget target, long after, int max) => target.ReadAsync(PostgresSql.SelectMoved, ReadTask, after, max);

    private static Task CopyBodiesAsync(NpgsqlConnection to, string sql, List<MovedTask> tasks, Func<MovedTask, ReadOnlyMemory<byte>?> body) =>
        PostgresCopy.RunAsync(to, sql, tasks.Where(task => body(task) is not null), async (row, task) =>
        {
            await row.PutAsync(task.Id);
            await row.PutAsync(body(task));
        });

    private static async Task PutAsync(PostgresCopy row, MovedTask task)
    {
        await row.PutAsync(task.Id);
        await row.PutAsync(task.Lane);
        await row.PutAsync(task.State);
        await row.PutAsync(task.Priority);
        await row.PutAsync(task.Attempt);
        await row.PutAsync(task.Failures);
        await row.PutAsync(task.MaxAttempts);
        await row.PutAsync(task.LeaseMilliseconds);
        await row.PutAsync(task.SubmittedAt);
        await row.PutAsync(task.RunAt);
        await row.PutAsync(task.ExpiresAt);
        await row.PutAsync(task.DueAt);
        await row.PutAsync(task.LeaseToken);
        await row.PutAsync(task.LeaseWorker);
        await row.PutAsync(task.LeaseFrom);
        await row.PutAsync(task.LeaseUntil);
        await row.PutAsync(task.Progress);
        await row.PutAsync(task.FinishedAt);
        await row.PutAsync(task.Group);
        await row.PutAsync(task.GroupFinish);
        await row.PutAsync(task.Type);
        await row.PutAsync(task.Payload.Length);
    }

    private static MovedTask ReadTask(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Lane = row.GetInt32(1),
        State = row.GetInt16(2),
        Priority = row.GetInt16(3),
        Attempt = row.GetInt32(4),
        Failures = row.GetInt32(5),
        MaxAttempts = row.GetInt32(6),
        LeaseMilliseconds = row.GetInt32(7),
        SubmittedAt = row.GetInt64(8),
        RunAt = LongOrNull(row, 9),
        ExpiresAt = LongOrNull(row, 10),
        DueAt = LongOrNull(row, 11),
        LeaseToken = LongOrNull(row, 12),
        LeaseWorker = PostgresRows.TextOrNull(row, 13),
        LeaseFrom = LongOrNull(row, 14),
        LeaseUntil = LongOrNull(row, 15),
        Progress = row.IsDBNull(16) ? null : row.GetDouble(16),
        FinishedAt = LongOrNull(row, 17),
        Group = LongOrNull(row, 18),
        GroupFinish = LongOrNull(row, 19),
        Type = PostgresRows.TextOrNull(row, 20),
        IsJson = row.GetBoolean(21),
        Payload = PostgresRows.Bytes(row, 22),
        Result = PostgresRows.BytesOrNull(row, 23),
        Checkpoint = PostgresRows.BytesOrNull(row, 24),
        Error = PostgresRows.TextOrNull(row, 25),
        Owner = LongOrNull(row, 26),
        Module = LongOrNull(row, 27),
        Run = PostgresRows.BytesOrNull(row, 28),
        Key = PostgresRows.TextOrNull(row, 29),
    };

    private static long? LongOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
