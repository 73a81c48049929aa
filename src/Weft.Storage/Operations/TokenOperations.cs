using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Stores a token. Null: the limit is reached.</summary>
internal sealed class AddTokenOperation(TokenGrant grant, ReadOnlyMemory<byte> hash) : StoreOperation<StoredToken?>
{
    public override void Plan(ReadPlan plan) => plan.TokensToAdd++;

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        if (!transaction.TryReserveTokens(1)) return;
        transaction.Write(statements => Insert(
            statements, StoreSql.InsertToken, transaction.Now, new(grant, hash), token => Outcome = token));
    }

    public static IParameters Insert(
        IStatements statements, string sql, DateTimeOffset now, FirstToken token, Action<StoredToken> stored) =>
        statements.Query(sql, row => stored(new(new(row.Long(0)), token.Grant, now, token.Hash)))
            .With(token.Hash)
            .With((long)token.Grant.Scopes)
            .With(StoreRows.WriteQueues(token.Grant))
            .With(token.Grant.Name)
            .With(now.ToUnixTimeMilliseconds())
            .With(token.Grant.ExpiresAt?.ToUnixTimeMilliseconds());
}

/// <summary>Stores the first tokens, all or none. Null: there is a valid admin token, or no space for all.</summary>
internal sealed class AddFirstTokensOperation(IReadOnlyList<FirstToken> tokens)
    : StoreOperation<IReadOnlyList<StoredToken>?>
{
    private List<StoredToken> _stored = [];

    public override void Plan(ReadPlan plan) => plan.TokensToAdd += tokens.Count;

    public override void Decide(WriteTransaction transaction)
    {
        _stored = [];
        if (!transaction.TryReserveTokens(tokens.Count)) return;
        transaction.Write(statements =>
        {
            foreach (var token in tokens)
            {
                AddTokenOperation.Insert(statements, StoreSql.InsertFirstToken, transaction.Now, token, _stored.Add)
                    .With(tokens[0].Hash)
                    .With((long)Scope.Admin);
            }
        });
    }

    public override void Finish(WriteTransaction transaction) => Outcome = _stored.Count > 0 ? _stored : null;
}

/// <summary>Deletes a token. False: it doesn't exist.</summary>
internal sealed class RemoveTokenOperation(TokenId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.KeepModulesOfAdmin).With(id.Value);
            statements.Query(StoreSql.DeleteToken, _ => Outcome = true).With(id.Value);
            RemoveWebhookOperation.DeleteOfToken(statements, id);
        });
        transaction.ReloadWebhooks();
    }
}
