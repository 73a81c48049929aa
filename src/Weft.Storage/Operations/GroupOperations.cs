using Weft.Core.Access;
using Weft.Core.Events;
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

/// <summary>Seals a group: it takes no more tasks. False: there is none.</summary>
internal sealed class SealGroupOperation(GroupId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        var now = transaction.Now;
        transaction.Write(statements => statements.Query(transaction.Sql.SealGroup, row => Seal(row.Time(0) == now))
            .With(now.ToUnixTimeMilliseconds())
            .With(id.Value));
        // One that had finished before has now finished for good.
        transaction.Webhooks.AddGroup(id);

        void Seal(bool isNew)
        {
            Outcome = true;
            if (isNew) transaction.Tally.Add(new EventRecord(EventType.GroupSealed, now) { Group = id });
        }
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
