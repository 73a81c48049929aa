using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Api;

namespace Weft.Http.Access;

/// <summary>What a caller may submit: to the token's queues, and to groups of its own.</summary>
internal sealed class SubmitAccess(ITaskStore store, Caller caller)
{
    // A batch names the same group again and again, and whose a group is never changes.
    private GroupId? _checked;

    /// <summary>Why the task may not be submitted; null when it may.</summary>
    public async ValueTask<Problem?> RefusalOfAsync(NewTask task)
    {
        if (!caller.MayUse(task.Queue)) return Problems.QueueForbidden;
        if (caller.ChangesOnly is not { } owner || task.Group is not { } group || group == _checked) return null;
        if ((await store.FindGroupAsync(group))?.Owner != owner) return Problems.Of(SubmitStatus.GroupNotFound);
        _checked = group;
        return null;
    }
}
