using System.Security.Cryptography;
using System.Text;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Moving;

/// <summary>Compares what was carried over with what is there now: every task with all that belongs to it, the counts, the rows of the rest.</summary>
internal static class MoveCheck
{
    /// <summary>Tasks that are compared at once; where two digests differ, that says about where.</summary>
    private const int TasksAtOnce = 10_000;

    /// <exception cref="Core.Storage.StoreException">Something differs.</exception>
    public static async Task<MoveReport> RunAsync(MoveSource source, MoveTarget target, long bytesMax, Action<long> checkedSoFar, CancellationToken stop)
    {
        var digest = await CompareTasksAsync(source, target, bytesMax, checkedSoFar, stop);
        var counts = source.Read(SqliteSql.SelectTaskCounts, static row => (Lane: row.Int(0), State: row.Int(1), Tasks: row.Long(2))).ToArray();
        var moved = await target.ReadAsync(PostgresSql.SelectMovedCounts, static row => (Lane: row.GetInt32(0), State: row.GetInt32(1), Tasks: row.GetInt64(2)));
        if (!counts.SequenceEqual(moved)) throw Differs("the counts of tasks by queue and state");
        var rows = await target.ReadOneAsync(PostgresSql.CountMovedRows, static row => Enumerable.Range(0, 7).Select(row.GetInt64).ToArray());
        var report = new MoveReport(source.Tasks, Rows(SqliteSql.SelectGroups), Rows(SqliteSql.SelectKeys), Rows(SqliteSql.SelectTokens), rows[4], digest);
        if (rows is not [var tasks, var groups, var keys, var tokens, _, var queues, var paused]
            || (tasks, groups, keys, tokens) != (report.Tasks, report.Groups, report.Keys, report.Tokens)
            || queues != Rows(SqliteSql.SelectQueueModuleRows) || paused != Rows(SqliteSql.SelectPausedQueues) || rows[4] != Rows(SqliteSql.SelectModuleKeys))
        {
            throw Differs("the number of rows");
        }

        if (await target.ReadOneAsync(PostgresSql.CountBrokenModules, static row => row.GetInt64(0)) > 0) throw Differs("a module");
        return report;

        long Rows(string sql) => source.Read(sql, static _ => 1L).Sum();
    }

    private static async Task<string> CompareTasksAsync(MoveSource source, MoveTarget target, long bytesMax, Action<long> checkedSoFar, CancellationToken stop)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var digest = new MoveDigest();
        for (var (after, seen) = (0L, 0L); ;)
        {
            stop.ThrowIfCancellationRequested();
            var from = after;
            // The source's bodies are read whole, so that it says how many tasks are compared at once.
            var reading = Task.Run(() => source.ReadTasks(from, TasksAtOnce, bytesMax), stop);
            var stored = await reading;
            var moved = await MoveTasks.ReadAsync(target, after, Math.Max(1, stored.Count));
            foreach (var task in stored) digest.Add(task, bodiesAreHashes: false);
            var expected = digest.Take();
            foreach (var task in moved) digest.Add(task, bodiesAreHashes: true);
            if (digest.Take() != expected) throw Differs(stored.Count == 0 ? $"tasks after {after}" : $"tasks {stored[0].Id} to {stored[^1].Id}");
            if (stored.Count == 0) return Convert.ToHexStringLower(whole.GetHashAndReset());
            whole.AppendData(Encoding.ASCII.GetBytes(expected));
            after = stored[^1].Id;
            checkedSoFar(seen += stored.Count);
        }
    }

    private static Core.Storage.StoreException Differs(string what) =>
        PostgresTrouble.Unusable($"What arrived differs in {what}: the database is not this store. Begin anew with an empty one");
}
