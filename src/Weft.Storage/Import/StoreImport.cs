using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Import;

/// <summary>The result of a migration.</summary>
/// <param name="Tasks">In any state.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Digest"> The SHA-256 of the tasks with all their data, in hex; the digests of the source and of the
/// copy were equal. It is computed from the digests of up to 10,000 tasks each, as text.
/// </param>
public sealed record ImportReport(long Tasks, long Groups, long Keys, long Tokens, long Modules, string Digest);

/// <summary>The progress of a migration.</summary>
/// <param name="Checking">False: tasks are being copied. True: they are being compared.</param>
/// <param name="Done">Tasks so far.</param>
/// <param name="Total">Tasks in all.</param>
public readonly record struct ImportProgress(bool Checking, long Done, long Total);

/// <summary>How to migrate a store.</summary>
public sealed class StoreImportOptions
{
    /// <summary>The data folder of a stopped coordinator.</summary>
    public required string Folder { get; init; }

    /// <summary>An Npgsql connection string. Never log it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Tasks in one transaction. Default: 5,000.</summary>
    public int BatchMax { get; init; } = 5_000;

    /// <summary>Bytes of bodies in memory, slightly more than twice, plus the last task. Default: 16 MiB.</summary>
    public long BytesMax { get; init; } = 16 << 20;

    /// <summary>Called at intervals.</summary>
    public Action<ImportProgress> Progressed { get; init; } = static _ => { };
}

/// <summary>
/// Copies a SQLite store into an empty PostgreSQL database: ids, states, leases, counts and everything else. An
/// interruption loses nothing: run it again to continue. The store is only read.
/// </summary>
public static class StoreImport
{
    /// <exception cref="StoreException">The migration failed; one line says why.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; run it again to continue.</exception>
    public static async Task<ImportReport> RunAsync(StoreImportOptions options, CancellationToken stop)
    {
        try
        {
            using var source = ImportSource.Open(options.Folder);
            await using var target = await ImportTarget.OpenAsync(options.ConnectionString);
            var place = await target.BeginAsync(source.Mark);
            if (!place.Settled) await CarryAsync(source, target, place, options, stop);
            var report = await ImportCheck.RunAsync(
                source, target, options.BytesMax,
                done => options.Progressed(new(Checking: true, done, source.Tasks)), stop);
            await target.FinishAsync();
            return report;
        }
        catch (SqliteError error)
        {
            throw SqliteDatabase.Unusable(
                SqliteDatabase.Explain(Path.Combine(options.Folder, SqliteDatabase.FileName), error), error);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            throw PostgresErrorClassifier.Unusable(
                $"{PostgresDatabase.Describe(options.ConnectionString)} did not accept the store: " +
                $"{PostgresErrorClassifier.OneLine(exception).TrimEnd('.')}. Run it again to continue",
                exception);
        }
    }

    private static async Task CarryAsync(
        ImportSource source, ImportTarget target, ImportPlace place, StoreImportOptions options, CancellationToken stop)
    {
        for (long? module = place.LastModule; module is { } last;)
        {
            stop.ThrowIfCancellationRequested();
            module = await ImportRest.StoreModuleAsync(source, target, last);
        }

        var done = source.Read(ImportSourceSql.CountTasksUpTo, static row => row.Long(0), place.LastTask).Single();
        // The next tasks are read while these are being sent.
        for (var reading = ReadAsync(place.LastTask); await reading is { Count: > 0 } tasks;)
        {
            stop.ThrowIfCancellationRequested();
            reading = ReadAsync(ImportTasks.IdOf(tasks[^1]));
            try
            {
                await ImportTasks.StoreAsync(target, tasks);
            }
            finally
            {
                // The source is closed when this method ends in any way.
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            options.Progressed(new(Checking: false, done += tasks.Count, source.Tasks));
        }

        await ImportRest.SettleAsync(source, target);

        Task<List<object?[]>> ReadAsync(long after) =>
            Task.Run(() => source.ReadTasks(after, options.BatchMax, options.BytesMax), CancellationToken.None);
    }
}
