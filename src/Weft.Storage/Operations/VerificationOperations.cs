using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Says when results of a queue's tasks are believed; null: at once.</summary>
internal sealed class SetQueuePolicyOperation(string queue, VerificationPolicy? policy) : ModuleOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = true;
        transaction.Write(statements =>
        {
            if (policy is null) statements.Run(StoreSql.DeleteQueuePolicy).With(queue);
            else statements.Run(StoreSql.UpsertQueuePolicy).With(queue).With(VerificationPolicyText.Write(policy));
        });
    }

    public override void Finish(WriteTransaction transaction) => transaction.ReloadQueueModule(queue);
}

/// <summary>Answers a secret of the store, which is this one unless there is one already.</summary>
internal sealed class EnsureSecretOperation(string name, ReadOnlyMemory<byte> secret)
    : StoreOperation<ReadOnlyMemory<byte>>
{
    public override void Decide(WriteTransaction transaction)
    {
        // Whoever reads one must know that it stays.
        transaction.Probe();
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.InsertSecret).With(name).With(secret);
            statements.Query(StoreSql.SelectSecret, row => Outcome = row.Bytes(0)).With(name);
        });
    }
}
