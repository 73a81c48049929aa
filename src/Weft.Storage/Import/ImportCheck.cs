using System.Security.Cryptography;
using System.Text;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>
/// Compares the copy with the source: every task with all its data, the counts, and the rows of all other tables.
/// </summary>
internal static class ImportCheck
{
    /// <summary>
    /// Tasks compared at once; if two digests differ, this determines how precisely the difference can be located.
    /// </summary>
    private const int TasksAtOnce = 10_000;

    /// <exception cref="Core.Storage.StoreException">Something differs.</exception>
    public static async Task<ImportReport> RunAsync(
        ImportSource source, ImportTarget target, long bytesMax, Action<long> checkedSoFar, CancellationToken stop)
    {
        var digest = await CompareTasksAsync(source, target, bytesMax, checkedSoFar, stop);
        var counts = source.Read(ImportSourceSql.SelectTaskCounts, static row => (row.Int(0), row.Int(1), row.Long(2)))
            .ToArray();
        var moved = await target.ReadAsync(
            ImportTargetSql.SelectMovedCounts, static row => (row.GetInt32(0), row.GetInt32(1), row.GetInt64(2)));
        if (!counts.SequenceEqual(moved)) throw Differs("the counts of tasks by queue and state");
        var counted = await target.ReadOneAsync("SELECT count(*) FROM tasks", static row => row.GetInt64(0));
        var report = new ImportReport(
            source.Tasks, await CountAsync(ImportRest.Groups), await CountAsync(ImportRest.Keys),
            await CountAsync(ImportRest.Tokens), await CountAsync(ImportRest.Modules), digest);
        await CountAsync(ImportRest.QueueModules);
        await CountAsync(ImportRest.PausedQueues);
        await CountAsync(ImportRest.Operations);
        await CountAsync(ImportRest.Audit);
        await CountAsync(ImportRest.Webhooks);
        await CountAsync(ImportRest.Deliveries);
        await CountAsync(ImportRest.QueuePolicies);
        await CountAsync(ImportRest.Checks);
        await CountAsync(ImportRest.Holders);
        await CountAsync(ImportRest.Answers);
        await CountAsync(ImportRest.AnswerBodies);
        await CountAsync(ImportRest.Secrets);
        await CountAsync(ImportRest.Standings);
        await CountAsync(ImportRest.CheckMisses);
        await CountAsync(ImportRest.ModuleChecks);
        await CountAsync(ImportRest.Corrections);
        await CountAsync(ImportRest.BoardNames);
        if (counted != source.Tasks) throw Differs("the number of tasks");
        if (await target.ReadOneAsync(ImportTargetSql.CountBrokenModules, static row => row.GetInt64(0)) > 0)
        {
            throw Differs("a module");
        }

        await CompareBlobsAsync(source, target, stop);

        return report;

        async Task<long> CountAsync(ImportTable table) => await table.CountAsync(source, target) is (var rows, true)
            ? rows
            : throw Differs($"the number of rows in {table.Name}");
    }

    // A chunk at a time: neither side has a large file in memory.
    private static async Task CompareBlobsAsync(ImportSource source, ImportTarget target, CancellationToken stop)
    {
        foreach (var blob in source.Read(ImportSourceSql.SelectBlobs, static row => row.Long(0)).ToArray())
        {
            stop.ThrowIfCancellationRequested();
            var chunks = source.Read(
                ImportSourceSql.SelectBlobChunks, static row => Convert.ToHexStringLower(SHA256.HashData(row.Bytes(0))),
                blob);
            var moved = await target.ReadAsync(
                ImportTargetSql.SelectBlobChunks, static row => row.GetString(0), blob, long.MaxValue);
            if (!chunks.SequenceEqual(moved)) throw Differs("a blob");
        }
    }

    private static async Task<string> CompareTasksAsync(
        ImportSource source, ImportTarget target, long bytesMax, Action<long> checkedSoFar, CancellationToken stop)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var digest = new ImportDigest();
        for (var (after, seen) = (0L, 0L); ;)
        {
            stop.ThrowIfCancellationRequested();
            var from = after;
            // The source's bodies are read whole, so it decides how many tasks are compared at once.
            var reading = Task.Run(() => source.ReadTasks(from, TasksAtOnce, bytesMax), stop);
            var stored = await reading;
            var moved = await ImportTasks.ReadAsync(target, after, Math.Max(1, stored.Count));
            foreach (var task in stored) digest.Add(task, bodiesAreHashes: false);
            var expected = digest.Take();
            foreach (var task in moved) digest.Add(task, bodiesAreHashes: true);
            if (digest.Take() != expected)
            {
                throw Differs(
                    stored.Count == 0
                        ? $"tasks after {after}"
                        : $"tasks {ImportTasks.IdOf(stored[0])} to {ImportTasks.IdOf(stored[^1])}");
            }

            if (stored.Count == 0) return Convert.ToHexStringLower(whole.GetHashAndReset());
            whole.AppendData(Encoding.ASCII.GetBytes(expected));
            after = ImportTasks.IdOf(stored[^1]);
            checkedSoFar(seen += stored.Count);
        }
    }

    private static Core.Storage.StoreException Differs(string what) =>
        PostgresErrorClassifier.Unusable(
            $"The copy differs from the source in {what}. Start over with an empty database");
}
