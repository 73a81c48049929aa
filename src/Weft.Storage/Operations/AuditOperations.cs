using Weft.Core;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Notes what was done, and forgets what is past the newest entries of whoever did it.</summary>
internal sealed class AddAuditOperation(BulkActor actor, string action, string subject, string? detail)
    : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) => transaction.Write(statements =>
    {
        statements.Run(StoreSql.InsertAudit)
            .With(transaction.Now.ToUnixTimeMilliseconds())
            .With(actor.Token?.Value)
            .With(actor.Name)
            .With(action)
            .With(subject)
            .With(detail);
        if (actor.Token is { } token) statements.Run(StoreSql.DeleteAuditOfToken)
            .With(token.Value)
            .With(Limits.AuditOfTokenMax);
    });
}

/// <summary>Deletes old entries, and those past the newest. Answers how many were old.</summary>
internal sealed class DeleteOldAuditOperation(TimeSpan age, int max) : StoreOperation<int>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = 0;
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.DeleteAuditPastNewest).With(Limits.AuditKeptMax);
            statements.Query(StoreSql.DeleteOldAudit, _ => Outcome++)
                .With((transaction.Now - age).ToUnixTimeMilliseconds())
                .With(max);
        });
    }
}
