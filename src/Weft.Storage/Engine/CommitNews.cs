using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>The effects of commits that waiters need to know.</summary>
/// <param name="Ready">Tasks that became claimable, by lane.</param>
/// <param name="Finished">Tasks that finished.</param>
/// <param name="Freed">Workers that may get more tasks, since one of their answers was decided.</param>
internal sealed record CommitNews(
    IReadOnlyList<(Lane Lane, int Count)> Ready, IReadOnlyList<TaskId> Finished, IReadOnlyList<IdentityId> Freed)
{
    public bool IsEmpty => Ready.Count == 0 && Finished.Count == 0 && Freed.Count == 0;
}
