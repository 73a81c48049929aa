using Weft.Core.Access;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Makes a group. Null: the owner has as many as it may.</summary>
internal sealed class CreateGroupOperation(string? name, TokenId? owner) : StoreOperation<GroupId?>
{
    public override void Plan(ReadPlan plan)
    {
        if (owner is { } known) plan.AddGroupOwner(known);
    }

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = null;
        if (owner is { } known && !transaction.TryReserveGroup(known)) return;
        transaction.InsertGroup(name, owner, id => Outcome = id);
    }
}

/// <summary>
/// Deletes groups without a task that were made <paramref name="age"/> ago or earlier. Answers how many.
/// </summary>
internal sealed class DeleteEmptyGroupsOperation(TimeSpan age, int max) : StoreOperation<int>
{
    public override void Plan(ReadPlan plan) => plan.AddEmptyGroups(age, max);

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = 0;
        transaction.DeleteEmptyGroups(age, max, () => Outcome++);
    }
}
