using Weft.Core.Events;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Pauses and resumes queues. Returns whether that changed anything.</summary>
internal sealed class SetPausedOperation(string queue, bool paused) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        transaction.Write(statements =>
            statements.Run(paused ? StoreSql.InsertPausedQueue : StoreSql.DeletePausedQueue).With(queue));
        Outcome = transaction.SetPaused(queue, paused);
        if (Outcome)
        {
            var type = paused ? EventType.QueuePaused : EventType.QueueResumed;
            transaction.Tally.Add(new EventRecord(type, transaction.Now) { Queue = queue });
        }

        if (Outcome && !paused) transaction.AnnounceQueue(queue);
    }
}
