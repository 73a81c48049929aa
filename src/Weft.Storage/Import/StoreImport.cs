using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Import;

/// <summary>What was carried over.</summary>
/// <param name="Tasks">In whatever state.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Digest">
/// The SHA-256 of the tasks with all that belongs to them, in hex: equal digests were computed from what was read and
/// from what has arrived. It is made of the digests of up to 10,000 tasks each, as text.
/// </param>
public sealed record ImportReport(long Tasks, long Groups, long Keys, long Tokens, long Modules, string Digest);

/// <summary>How far a move has come.</summary>
/// <param name="Checking">False: tasks are carried over. True: they are compared.</param>
/// <param name="Done">Tasks so far.</param>
/// <param name="Total">Tasks in all.</param>
public readonly record struct ImportProgress(bool Checking, long Done, long Total);

/// <summary>How a store is carried over.</summary>
public sealed class StoreImportOptions
{
    /// <summary>The data folder of a coordinator that is stopped.</summary>
    public required string Folder { get; init; }

    /// <summary>Npgsql's form. Never logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Tasks in one transaction. Default: 5,000.</summary>
    public int BatchMax { get; init; } = 5_000;

    /// <summary>
    /// Bytes of bodies that are held at once, a little more than twice, past the last task. Default: 16 MiB.
    /// </summary>
    public long BytesMax { get; init; } = 16 << 20;

    /// <summary>Told now and then.</summary>
    public Action<ImportProgress> Progressed { get; init; } = static _ => { };
}

/// <summary>
/// Carries a SQLite store over into an empty PostgreSQL database: ids, states, leases, counts and all. What ends it in
/// the middle loses nothing: run again, it goes on. The store is only read.
/// </summary>
public static class StoreImport
{
    /// <exception cref="StoreException">It can't be done; one line says why.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; run again, it goes on.</exception>
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
                $"{PostgresDatabase.Describe(options.ConnectionString)} did not take the store: " +
                $"{PostgresErrorClassifier.OneLine(exception).TrimEnd('.')}. Run it again, and it goes on",
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
        // The next tasks are read while these are on their way.
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
                // The source closes with this method's end, whatever that is.
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            options.Progressed(new(Checking: false, done += tasks.Count, source.Tasks));
        }

        await ImportRest.SettleAsync(source, target);

        Task<List<object?[]>> ReadAsync(long after) =>
            Task.Run(() => source.ReadTasks(after, options.BatchMax, options.BytesMax), CancellationToken.None);
    }
}
