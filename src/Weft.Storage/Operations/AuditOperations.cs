using Weft.Core;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Adds an entry to the audit log, and deletes the actor's oldest entries over the limit.</summary>
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

/// <summary>Deletes old entries, and those over the limit. Returns how many were old.</summary>
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
