using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Makes groups.</summary>
internal sealed class GroupOperation(string? name) : PostgresOperation<GroupId>
{
    private int _place;

    public override void Ask(PostgresQuestions questions)
    {
    }

    public override void Decide(PostgresUnit unit)
    {
        _place = unit.GroupsToMake.Count;
        unit.GroupsToMake.Add(name);
    }

    public override void Finish(PostgresUnit unit) => Outcome = unit.GroupsMade[_place];
}
