using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

// What an operation asks of what is stored.
internal abstract partial class WriteTransaction
{
    /// <summary>The task as it is by now; null when there is none.</summary>
    public abstract TaskRecord? Find(TaskId id);

    /// <summary>
    /// A verified task, or a check, with the answers so far; null when it is none. What operations planned is there,
    /// and what they selected, and the tasks that these belong to.
    /// </summary>
    public abstract VerifiedCopy? FindCopy(TaskId id);

    /// <summary>The check of a task that is not done; null: there is none. The task was planned, or selected.</summary>
    public abstract TaskId? FindOpenCheck(TaskId id);

    /// <summary>Read as a whole: no cursor walks an index that is changing under it.</summary>
    public abstract IReadOnlyList<TaskRecord> Select(TaskSelection selection);

    public abstract StoredKey? FindKey(string text);

    /// <summary>Whether a group takes no more tasks; null when there is no such group.</summary>
    public abstract bool? IsSealed(GroupId id);

    /// <summary>What the owner has by now.</summary>
    public abstract OwnerLoad LoadOf(TokenId owner);

    /// <summary>Sees to it that these tasks have lanes; null, or why they may not have them.</summary>
    public abstract SubmitStatus? PrepareLanes(SubmitOperation submit, IReadOnlyList<NewTask> tasks);

    /// <summary>Whether the owner of a dead task may have it unfinished again; its share is taken then.</summary>
    public abstract bool TryReserveRevival(TaskRecord task, TokenId owner);

    /// <summary>The operation will ask for the task's stored result once the transaction is through.</summary>
    public abstract void PlanResult(TaskId id);

    /// <summary>Whether these bytes are the task's stored result.</summary>
    public abstract bool IsStoredResult(TaskId id, ReadOnlyMemory<byte> result);
}
