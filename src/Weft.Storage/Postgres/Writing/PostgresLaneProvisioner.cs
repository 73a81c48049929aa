using Npgsql;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Operations;

namespace Weft.Storage.Postgres;

/// <summary>
/// Makes the lanes that submissions need, in a transaction of its own before theirs. That happens once for each queue
/// and set of requirements; a lane that stays empty because its submission was refused harms nobody.
/// </summary>
internal static class PostgresLaneProvisioner
{
    /// <summary>Reads what other coordinators have added.</summary>
    public static async Task RefreshAsync(NpgsqlConnection connection, SharedLanes lanes)
    {
        await using var trip = new PostgresRoundTrip(connection);
        QueryNew(trip, lanes);
        await trip.SendAsync();
    }

    /// <summary>Reads all lanes anew, by a connection whose server may be another one than before.</summary>
    public static async Task RereadAsync(NpgsqlConnection connection, SharedLanes lanes)
    {
        var stored = new Dictionary<long, Lane>();
        await using var trip = new PostgresRoundTrip(connection);
        trip.Query(PostgresSql.SelectLanesAfter, row => stored.Add(row.Int(0), Read(row))).With(0);
        await trip.SendAsync();
        lanes.Replace(stored);
    }

    /// <summary>Makes what is missing, as far as it fits; tells each submission whether its lanes do.</summary>
    public static async Task EnsureAsync(
        NpgsqlConnection connection, SharedLanes lanes, IEnumerable<StoreOperation> batch, OwnerBounds bounds)
    {
        var lacking = batch.OfType<SubmitOperation>().Where(submit => lanes.FindMissing(submit) is not null).ToArray();
        if (lacking.Length == 0) return;
        // A lane whose tasks are all deleted takes no room, though its row stays: other coordinators may be about to
        // use it.
        var inUse = new List<long>();
        await using (var begin = new PostgresRoundTrip(connection))
        {
            begin.Run(PostgresSql.Begin);
            begin.Query(PostgresSql.LockLanes, static _ => { });
            QueryNew(begin, lanes);
            begin.Query(PostgresSql.SelectLanesInUse, row => inUse.Add(row.Int(0)));
            await begin.SendAsync();
        }

        var added = new LaneCounts([.. inUse.Select(lanes.Find).OfType<Lane>()]).Grant(lacking, lanes, bounds);
        await using var end = new PostgresRoundTrip(connection);
        end.Run(PostgresSql.InsertLanes)
            .With([.. added.Select(static lane => (string?)lane.Queue)])
            .With([.. added.Select(static lane => (string?)lane.Requires.Text)])
            .With([.. added.Select(static lane => lane.Owner?.Value)]);
        end.Run(PostgresSql.Commit);
        QueryNew(end, lanes);
        await end.SendAsync();
    }

    private static void QueryNew(PostgresRoundTrip trip, SharedLanes lanes) =>
        trip.Query(PostgresSql.SelectLanesAfter, row => lanes.Add(Read(row))).With((int)lanes.Last);

    private static Lane Read(PostgresRow row) =>
        new(row.Int(0), row.Text(1), Requirements.Parse(row.Text(2)), StoreRows.ReadOwner(row, 3));
}
