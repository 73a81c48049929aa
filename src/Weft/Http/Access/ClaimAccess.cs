using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Http.Api;

namespace Weft.Http.Access;

/// <summary>What a caller may claim and settle: the tasks of the token's queues.</summary>
internal static class ClaimAccess
{
    /// <summary>A claim that names no queue is for those of the token.</summary>
    /// <returns>Why it may not be; null when it may.</returns>
    public static Problem? Narrow(Caller caller, ref HeldClaim claim)
    {
        if (caller.Queues.Count == 0) return null;
        if (claim.NamesNoQueue) claim = claim with { Request = claim.Request with { Queues = caller.Queues } };
        return claim.Request.Queues.All(caller.MayUse) ? null : Problems.QueueForbidden;
    }

    /// <summary>To a token that is bound to queues, tasks of others aren't there.</summary>
    public static IReadOnlyList<TaskChange> Narrow(Caller caller, IReadOnlyList<TaskChange> changes) =>
        caller.Queues.Count == 0 ? changes : [.. changes.Select(change => change with { Queues = caller.Queues })];
}
