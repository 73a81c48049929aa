using Npgsql;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Pauses and resumes queues.</summary>
internal sealed class QueueOperation(string queue, bool paused) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit)
    {
        Outcome = paused ? unit.PausedQueues.Add(queue) : unit.PausedQueues.Remove(queue);
        unit.Stores.Add(trip =>
        {
            trip.Run(paused ? PostgresSql.InsertPausedQueue : PostgresSql.DeletePausedQueue).With(queue);
            // What waits in a queue counts as new to those who wait for it: it was just resumed.
            if (!paused) trip.Ask(PostgresSql.SelectReadyInQueue, row => Announce(unit, row)).With(queue);
        });
    }

    private static void Announce(PostgresUnit unit, NpgsqlDataReader row)
    {
        if (unit.Lanes.Find(row.GetInt32(0)) is { } lane) unit.AnnounceReady(lane, (int)Math.Min(row.GetInt64(1), int.MaxValue));
    }
}
