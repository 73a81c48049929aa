using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>
/// Creates the lanes that submissions need, in a separate transaction before theirs. That happens once for each queue
/// and set of requirements; a lane that stays empty because its submission was refused does no harm.
/// </summary>
internal sealed class LaneProvisioner(SharedLanes lanes, RemoteSql sql)
{
    /// <summary>Reads the lanes that other coordinators have added.</summary>
    public async Task RefreshAsync<TRow>(RoundTrip<TRow> trip)
        where TRow : struct, IRemoteRow
    {
        await using (trip)
        {
            QueryNew(trip);
            await trip.SendAsync();
        }
    }

    /// <summary>Reads all lanes again, over a connection whose server may be a different one.</summary>
    public async Task RereadAsync<TRow>(RoundTrip<TRow> trip)
        where TRow : struct, IRemoteRow
    {
        var stored = new Dictionary<long, Lane>();
        await using (trip)
        {
            trip.Query(sql.SelectLanesAfter, row => stored.Add(row.Int(0), Read(row))).With(0);
            await trip.SendAsync();
        }

        lanes.Replace(stored);
    }

    /// <summary>
    /// Creates the missing lanes within the limits; records for each submission whether its lanes fit.
    /// </summary>
    public async Task EnsureAsync<TRow>(
        IRemoteSession<TRow> session, IEnumerable<StoreOperation> batch, OwnerBounds bounds)
        where TRow : struct, IRemoteRow
    {
        var lacking = batch.OfType<SubmitOperation>().Where(submit => lanes.FindMissing(submit) is not null).ToArray();
        if (lacking.Length == 0) return;
        // A lane whose tasks are all deleted doesn't count, though its row stays: other coordinators may be about to
        // use it.
        var inUse = new List<long>();
        await using (var begin = session.NewTrip())
        {
            begin.Run(sql.Begin);
            begin.Select(sql.LockLanes);
            QueryNew(begin);
            begin.Query(sql.SelectLanesInUse, row => inUse.Add(row.Int(0)));
            await begin.SendAsync();
        }

        var added = new LaneCounts([.. inUse.Select(lanes.Find).OfType<Lane>()]).Grant(lacking, lanes, bounds);
        await using var end = session.NewTrip();
        end.Run(sql.InsertLanes)
            .With([.. added.Select(static lane => (string?)lane.Queue)])
            .With([.. added.Select(static lane => (string?)lane.Requires.Text)])
            .With([.. added.Select(static lane => lane.Owner?.Value)]);
        end.Run(sql.Commit);
        QueryNew(end);
        await end.SendAsync();
    }

    private void QueryNew<TRow>(RoundTrip<TRow> trip)
        where TRow : struct, IRemoteRow =>
        trip.Query(sql.SelectLanesAfter, row => lanes.Add(Read(row))).With((int)lanes.Last);

    private static Lane Read<TRow>(TRow row)
        where TRow : IRow =>
        new(row.Int(0), row.Text(1), Requirements.Parse(row.Text(2)), StoreRows.ReadOwner(row, 3));
}
