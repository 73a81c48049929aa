using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Core.Workers;

namespace Weft.Storage.Postgres;

/// <summary>
/// The workers that the coordinators on a database see, in unlogged tables. On the reading connections, since these
/// writes aren't worth a place among commits that callers wait for, and repeating one does no harm.
/// </summary>
internal sealed class PostgresWorkerBoard(PostgresReaders readers) : IWorkerBoard
{
    // Neither queue names nor capabilities contain spaces.
    private const char Between = ' ';

    private readonly string _coordinator = Guid.NewGuid().ToString("N");

    public Task<bool> PublishAsync(
        IReadOnlyList<WorkerSighting> changed, IReadOnlyList<string> forgotten, DateTimeOffset now) =>
        readers.RunAsync<bool>(trip =>
    {
        var isKnown = false;
        trip.Query(PostgresSql.TouchCoordinator, row => isKnown = row.Bool(0)).With(_coordinator);
        if (changed.Count > 0)
        {
            trip.Run(PostgresSql.UpsertWorkers)
                .With(_coordinator)
                .With([.. changed.Select(static worker => (string?)worker.Id)])
                .With([.. changed.Select(worker => Age(worker.FirstSeenAt, now))])
                .With([.. changed.Select(worker => Age(worker.LastSeenAt, now))])
                .With([.. changed.Select(static worker => worker.Waits)])
                .With([.. changed.Select(static worker => worker.Claimed)])
                .With([.. changed.Select(static worker => worker.Completed)])
                .With([.. changed.Select(static worker => worker.Failed)])
                .With(
                    [.. changed.Select(
                        static worker => worker.Offer is { } offer ? string.Join(Between, offer.Queues) : null)])
                .With([.. changed.Select(static worker => worker.Offer?.Fit.Capabilities.Text)])
                .With([.. changed.Select(static worker => worker.Offer is { Fit.ModulesOnly: true })])
                .With(
                    [
                        .. changed.Select(static worker =>
                            worker.Offer?.Network is { } network ? unchecked((long)network.Value) : (long?)null),
                    ]);
        }

        if (forgotten.Count > 0) trip.Run(PostgresSql.DeleteWorkers)
            .With(_coordinator)
            .With([.. forgotten.Select(static id => (string?)id)]);
        return () => isKnown;
    });

    public Task<IReadOnlyList<WorkerSighting>> ListOthersAsync(int max, DateTimeOffset now) =>
        readers.RunAsync<IReadOnlyList<WorkerSighting>>(trip =>
    {
        var workers = new List<WorkerSighting>();
        trip.Query(PostgresSql.SelectOtherWorkers, row => workers.Add(new(
            row.Text(0), Time(row.Long(1), now), Time(row.Long(2), now), row.Bool(3), row.Long(4), row.Long(5),
            row.Long(6), Offer(row))))
            .With(_coordinator).With(Milliseconds(Limits.CoordinatorGoneTime)).With((long)max);
        return () => workers;
    });

    public Task ForgetGoneAsync(int max) => readers.RunAsync<bool>(trip =>
    {
        trip.Select(PostgresSql.LockBoard);
        trip.Run(PostgresSql.DeleteWorkersOfGone)
            .With(Milliseconds(Limits.CoordinatorGoneTime))
            .With(Milliseconds(Limits.WorkersOfGoneKeptTime))
            .With((long)max);
        trip.Run(PostgresSql.DeleteGone).With(Milliseconds(Limits.CoordinatorGoneTime));
        return static () => true;
    });

    private static WorkerOffer? Offer(PostgresRow row) => row.IsNull(7)
        ? null
        : new(
            row.Text(7).Split(Between, StringSplitOptions.RemoveEmptyEntries),
            new(Capabilities.Parse(row.Text(8)), row.Bool(9), IsProven: !row.IsNull(10)),
            row.IsNull(10) ? null : new NetworkKey(unchecked((ulong)row.Long(10))));

    private static long Age(DateTimeOffset time, DateTimeOffset now) => Milliseconds(now - time);

    private static DateTimeOffset Time(long age, DateTimeOffset now) => now - TimeSpan.FromMilliseconds(age);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
