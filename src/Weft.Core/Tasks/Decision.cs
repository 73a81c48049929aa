namespace Weft.Core.Tasks;

/// <summary>The result of a command: the task's next record, or why it was refused.</summary>
public readonly record struct Decision(TaskRecord? Next, Refusal Refusal)
{
    public static Decision Accept(TaskRecord next) => new(next, Refusal.None);

    public static Decision Refuse(Refusal refusal) => new(null, refusal);
}
