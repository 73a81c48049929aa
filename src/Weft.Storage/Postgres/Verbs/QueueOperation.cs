namespace Weft.Storage.Postgres.Verbs;

/// <summary>Pauses and resumes queues.</summary>
internal sealed class QueueOperation(string queue, bool paused) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit)
    {
        (paused ? unit.QueuesToPause : unit.QueuesToResume).Add(queue);
        Outcome = paused ? unit.PausedQueues.Add(queue) : unit.PausedQueues.Remove(queue);
    }
}
