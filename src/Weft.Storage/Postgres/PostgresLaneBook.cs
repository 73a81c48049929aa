using Npgsql;
using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres.Verbs;

namespace Weft.Storage.Postgres;

/// <summary>
/// Makes the lanes that submissions need, in a transaction of its own before theirs. That happens once for each queue and set of
/// requirements; a lane that stays empty because its submission was refused harms nobody.
/// </summary>
internal static class PostgresLaneBook
{
    /// <summary>Reads what other coordinators have added.</summary>
    public static async Task RefreshAsync(NpgsqlConnection connection, PostgresLanes lanes)
    {
        await using var trip = new PostgresTrip(connection);
        AskNew(trip, lanes);
        await trip.GoAsync();
    }

    /// <summary>Reads all lanes anew, by a connection whose server may be another one than before.</summary>
    public static async Task RereadAsync(NpgsqlConnection connection, PostgresLanes lanes)
    {
        var stored = new HashSet<PostgresLane>();
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectLanesAfter, row => stored.Add(Read(row))).With(0);
        await trip.GoAsync();
        lanes.Replace(stored);
    }

    /// <summary>Makes what is missing, as far as it fits; tells each submission whether its lanes do.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, PostgresLanes lanes, IEnumerable<PostgresOperation> batch)
    {
        var lacking = batch.OfType<SubmitOperation>().Where(submit => submit.LanesNeeded().Any(task => lanes.Find(task.Queue, task.Requires) is null)).ToArray();
        if (lacking.Length == 0) return;
        // A lane whose tasks are all deleted takes no room, though its row stays: other coordinators may be about to use it.
        var inUse = new HashSet<int>();
        await using (var begin = new PostgresTrip(connection))
        {
            begin.Run(PostgresSql.Begin);
            begin.Ask(PostgresSql.LockLanes, static _ => { });
            AskNew(begin, lanes);
            begin.Ask(PostgresSql.SelectLanesInUse, row => inUse.Add(row.GetInt32(0)));
            await begin.GoAsync();
        }

        var missing = new HashSet<(string Queue, Requirements Requires)>();
        foreach (var submit in lacking) submit.Lanes = Fit(lanes, inUse, submit.LanesNeeded(), missing);
        await using var end = new PostgresTrip(connection);
        end.Run(PostgresSql.InsertLanes).With([.. missing.Select(static lane => (string?)lane.Queue)]).With([.. missing.Select(static lane => (string?)lane.Requires.Text)]);
        end.Run(PostgresSql.Commit);
        AskNew(end, lanes);
        await end.GoAsync();
    }

    private static void AskNew(PostgresTrip trip, PostgresLanes lanes) =>
        trip.Ask(PostgresSql.SelectLanesAfter, row => lanes.Add(Read(row))).With(lanes.Last);

    private static PostgresLane Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetString(1), Requirements.Parse(row.GetString(2)));

    /// <summary>Adds a submission's missing lanes when all of them fit, and else none.</summary>
    private static SubmitStatus Fit(PostgresLanes lanes, HashSet<int> inUse, IEnumerable<NewTask> tasks, HashSet<(string Queue, Requirements Requires)> missing)
    {
        var added = tasks.Select(static task => (task.Queue, task.Requires))
            .Where(lane => lanes.Find(lane.Queue, lane.Requires) is null && !missing.Contains(lane)).Distinct().ToArray();
        // The queue of those who name none must never be refused.
        string[] queues = [.. added.Concat(missing).Select(static lane => lane.Queue).Where(queue => queue != Limits.QueueDefault && CountOf(queue) == 0).Distinct()];
        if (added.Any(lane => queues.Contains(lane.Queue)) && lanes.QueuesOf(inUse) + queues.Length > Limits.QueuesMax) return SubmitStatus.TooManyQueues;
        foreach (var (queue, requires) in added)
        {
            if (!requires.AsksForNothing && CountOf(queue) + missing.Count(lane => lane.Queue == queue) + added.Count(lane => lane.Queue == queue && !lane.Requires.AsksForNothing) > Limits.LanesPerQueueMax) return SubmitStatus.TooManyRequirements;
        }

        missing.UnionWith(added);
        return SubmitStatus.Stored;

        int CountOf(string queue) => lanes.Of(queue).Count(lane => inUse.Contains(lane.Id));
    }
}
