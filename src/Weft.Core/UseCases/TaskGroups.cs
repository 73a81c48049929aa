using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.UseCases;

/// <summary>Creates, seals and reads groups. Those that the caller may not see are treated as absent.</summary>
public sealed class TaskGroups(ITaskStore store)
{
    /// <returns>Null: the caller has the maximum number of groups. A null group: retention has already deleted
    /// it.</returns>
    public async Task<(GroupId Id, StoredGroup? Group)?> CreateAsync(Caller caller, string? name)
    {
        if (await store.CreateGroupAsync(name, caller.Owner) is not { } id) return null;
        return (id, await OutcomeUnknownGuard.RunAsync(store.FindGroupAsync(id)));
    }

    public Task<GroupPage> ListAsync(Caller caller, GroupId? before, int limit) =>
        store.ListGroupsAsync(caller.SeesOnly, before, limit);

    /// <summary>Seals a group: it accepts no more tasks. Doing so again changes nothing.</summary>
    /// <returns>Null: the group doesn't exist, or the caller may not change it.</returns>
    public async Task<StoredGroup?> SealAsync(Caller caller, GroupId id)
    {
        if (await store.FindGroupAsync(id) is not { } group || !caller.MayChange(group.Owner)) return null;
        if (!await store.SealGroupAsync(id)) return null;
        return await OutcomeUnknownGuard.RunAsync(store.FindGroupAsync(id));
    }

    public async Task<StoredGroup?> FindAsync(Caller caller, GroupId id) =>
        await store.FindGroupAsync(id) is { } group && caller.Sees(group.Owner) ? group : null;
}
