using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Creates a group. Null: the owner has reached its limit.</summary>
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

/// <summary>Seals a group: it accepts no more tasks. False: it doesn't exist.</summary>
internal sealed class SealGroupOperation(GroupId id) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = false;
        var now = transaction.Now;
        transaction.Write(statements => statements.Query(transaction.Sql.SealGroup, row => Seal(row.Time(0) == now))
            .With(now.ToUnixTimeMilliseconds())
            .With(id.Value));
        // A group that had already finished has now finished permanently.
        transaction.Webhooks.AddGroup(id);

        void Seal(bool isNew)
        {
            Outcome = true;
            if (isNew) transaction.Tally.Add(new EventRecord(EventType.GroupSealed, now) { Group = id });
        }
    }
}

/// <summary>Deletes empty groups that were created at least <paramref name="age"/> ago. Returns how many.</summary>
internal sealed class DeleteEmptyGroupsOperation(TimeSpan age, int max) : StoreOperation<int>
{
    public override void Plan(ReadPlan plan) => plan.AddEmptyGroups(age, max);

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = 0;
        transaction.DeleteEmptyGroups(age, max, () => Outcome++);
    }
}
