using Weft.Core.Access;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Stores a token, when there is room.</summary>
internal sealed class AddTokenOperation(TokenGrant grant, ReadOnlyMemory<byte> hash) : PostgresOperation<StoredToken?>
{
    public override void Ask(PostgresQuestions questions) => questions.TokensToAdd++;

    public override void Decide(PostgresUnit unit)
    {
        Outcome = null;
        if (unit.TokenRoom-- <= 0) return;
        unit.Stores.Add(trip =>
            trip.Ask(PostgresSql.InsertToken, row => Outcome = new(new(row.GetInt64(0)), grant, unit.Now, hash))
                .With(PostgresParameters.Array(hash)).With((int)grant.Scopes).With(string.Join(PostgresTokenStore.Between, grant.Queues)).With(grant.Name)
                .With(unit.Now.ToUnixTimeMilliseconds()).With(PostgresRows.Milliseconds(grant.ExpiresAt)));
    }
}

/// <summary>Deletes a token.</summary>
internal sealed class RemoveTokenOperation(TokenId id) : PostgresOperation<bool>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit)
    {
        Outcome = false;
        unit.Stores.Add(trip => trip.Ask(PostgresSql.DeleteToken, _ => Outcome = true).With(id.Value));
    }
}
