using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Sets a worker's name on the board. False: the operator removed its name.</summary>
internal sealed class SetBoardNameOperation(IdentityId worker, string name) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.DeleteBoardNamesPastMost).With(worker.Value).With(Limits.BoardNamesMax - 1);
            statements.Query(StoreSql.UpsertBoardName, _ => Outcome = true)
                .With(worker.Value)
                .With(name)
                .With(transaction.Now.ToUnixTimeMilliseconds());
        });
    }
}

/// <summary>Changes a worker's name on the board; returns whether it has one.</summary>
/// <param name="sql">A statement about that one worker that returns its row.</param>
/// <param name="worker">The worker.</param>
internal sealed class EndBoardNameOperation(string sql, IdentityId worker) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements => statements.Query(sql, _ => Outcome = true).With(worker.Value));
    }
}

/// <summary>Adds to the counts of workers with a name on the board.</summary>
internal sealed class AddBoardWorkOperation(IReadOnlyList<WorkDone> done) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) => transaction.Write(statements =>
    {
        foreach (var (worker, tasks, computed) in done)
        {
            statements.Run(StoreSql.AddBoardWork)
                .With(tasks)
                .With((long)computed.TotalMilliseconds)
                .With(transaction.Now.ToUnixTimeMilliseconds())
                .With(worker.Value);
        }
    });
}
