using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

// Queries of operations about stored data.
internal abstract partial class WriteTransaction
{
    /// <summary>The task's current record; null if it doesn't exist.</summary>
    public abstract TaskRecord? Find(TaskId id);

    /// <summary>
    /// A verified task, or a check, with the answers so far; null if it is neither. Available for tasks that operations
    /// planned or selected, and for the tasks that these belong to.
    /// </summary>
    public abstract VerifiedCopy? FindCopy(TaskId id);

    /// <summary>The unfinished check of a task; null: none. The task was planned or selected.</summary>
    public abstract TaskId? FindOpenCheck(TaskId id);

    /// <summary>Read as a whole: no cursor scans an index that is changing under it.</summary>
    public abstract IReadOnlyList<TaskRecord> Select(TaskSelection selection);

    public abstract StoredKey? FindKey(string text);

    /// <summary>Whether a group is sealed; null if it doesn't exist.</summary>
    public abstract bool? IsSealed(GroupId id);

    /// <summary>The owner's current amounts.</summary>
    public abstract OwnerLoad LoadOf(TokenId owner);

    /// <summary>Makes sure that these tasks have lanes; null, or why they may not have them.</summary>
    public abstract SubmitStatus? PrepareLanes(SubmitOperation submit, IReadOnlyList<NewTask> tasks);

    /// <summary>
    /// Whether a dead task may become unfinished again within its owner's limits; if so, it is counted.
    /// </summary>
    public abstract bool TryReserveRevival(TaskRecord task, TokenId owner);

    /// <summary>The operation will need the task's stored result once the transaction is done.</summary>
    public abstract void PlanResult(TaskId id);

    /// <summary>Whether these bytes are the task's stored result.</summary>
    public abstract bool IsStoredResult(TaskId id, ReadOnlyMemory<byte> result);
}
