using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Storage.Postgres;

/// <summary>
/// What the coordinators on a database see of workers, in tables that are not logged. On the connections that read: nothing here
/// is worth a place among the commits that somebody waits for, and doing it twice does no harm.
/// </summary>
internal sealed class PostgresWorkerBoard(PostgresReaders readers) : IWorkerBoard
{
    private readonly string _coordinator = Guid.NewGuid().ToString("N");

    public Task<bool> PublishAsync(IReadOnlyList<WorkerSighting> changed, IReadOnlyList<string> forgotten, DateTimeOffset now) => readers.RunAsync((object?)null, async (connection, _) =>
    {
        var isKnown = false;
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.TouchCoordinator, row => isKnown = row.GetBoolean(0)).With(_coordinator);
        if (changed.Count > 0)
        {
            trip.Run(PostgresSql.UpsertWorkers).With(_coordinator).With([.. changed.Select(static worker => (string?)worker.Id)])
                .With([.. changed.Select(worker => Age(worker.FirstSeenAt, now))]).With([.. changed.Select(worker => Age(worker.LastSeenAt, now))])
                .With([.. changed.Select(static worker => worker.Waits)]).With([.. changed.Select(static worker => worker.Claimed)])
                .With([.. changed.Select(static worker => worker.Completed)]).With([.. changed.Select(static worker => worker.Failed)]);
        }

        if (forgotten.Count > 0) trip.Run(PostgresSql.DeleteWorkers).With(_coordinator).With([.. forgotten.Select(static id => (string?)id)]);
        await trip.GoAsync();
        return isKnown;
    });

    public Task<IReadOnlyList<WorkerSighting>> ListOthersAsync(int max, DateTimeOffset now) => readers.RunAsync((object?)null, async (connection, _) =>
    {
        var workers = new List<WorkerSighting>();
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectOtherWorkers, row => workers.Add(new(
            row.GetString(0), Time(row.GetInt64(1), now), Time(row.GetInt64(2), now), row.GetBoolean(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))))
            .With(_coordinator).With(Milliseconds(Limits.CoordinatorGoneTime)).With((long)max);
        await trip.GoAsync();
        return (IReadOnlyList<WorkerSighting>)workers;
    });

    public Task ForgetGoneAsync(int max) => readers.RunAsync(max, static async (connection, max) =>
    {
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.LockBoard, static _ => { });
        trip.Run(PostgresSql.DeleteWorkersOfGone).With(Milliseconds(Limits.CoordinatorGoneTime)).With(Milliseconds(Limits.WorkersOfGoneKeptTime)).With((long)max);
        trip.Run(PostgresSql.DeleteGone).With(Milliseconds(Limits.CoordinatorGoneTime));
        await trip.GoAsync();
        return true;
    });

    private static long Age(DateTimeOffset time, DateTimeOffset now) => Milliseconds(now - time);

    private static DateTimeOffset Time(long age, DateTimeOffset now) => now - TimeSpan.FromMilliseconds(age);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
