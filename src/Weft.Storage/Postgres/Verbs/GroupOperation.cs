using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Makes groups.</summary>
internal sealed class GroupOperation(string? name, TokenId? owner) : PostgresOperation<GroupId>
{
    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit) => unit.Stores.Add(trip =>
        trip.Ask(PostgresSql.InsertGroup, row => Outcome = new(row.GetInt64(0))).With(name).With(unit.Now.ToUnixTimeMilliseconds()).With(owner?.Value));
}
