using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Pauses and resumes queues. Answers whether that changed anything.</summary>
internal sealed class SetPausedOperation(string queue, bool paused) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        transaction.Write(statements =>
            statements.Run(paused ? StoreSql.InsertPausedQueue : StoreSql.DeletePausedQueue).With(queue));
        Outcome = paused ? transaction.PausedQueues.Add(queue) : transaction.PausedQueues.Remove(queue);
        if (Outcome && !paused) transaction.AnnounceQueue(queue);
    }
}
