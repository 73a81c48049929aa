using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Applies commands to tasks by id, and stores their results and checkpoints.</summary>
internal static class TaskChanges
{
    // So much that it takes the owner's lock exclusively: the task's size isn't known yet.
    private const long AnyNumber = long.MaxValue / 4;

    public static void Plan(ReadPlan plan, IReadOnlyList<TaskChange> changes)
    {
        foreach (var change in changes)
        {
            plan.AddTask(change.Id, change.Command);
            plan.NamesFiles |= change.Command is TaskCommand.Complete { Outputs: not null };
            if (change is not { Command: TaskCommand.Retry, Owner: { } owner }) continue;
            plan.Owners[owner.Value] = plan.Owners.GetValueOrDefault(owner.Value) with { Tasks = AnyNumber };
        }
    }

    /// <summary>The outputs of completed tasks; null if there are none.</summary>
    public static OutputLook? Look(IStatements statements, IReadOnlyList<TaskChange> changes)
    {
        OutputLook? outputs = null;
        foreach (var change in changes)
        {
            if (change.Command is not TaskCommand.Complete { Outputs: { } files }) continue;
            (outputs ??= new()).Query(statements, change.Id, files);
        }

        return outputs;
    }

    public static ChangeOutcome[] Decide(
        WriteTransaction transaction, IReadOnlyList<TaskChange> changes, OutputLook? outputs)
    {
        var outcomes = new ChangeOutcome[changes.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = DecideOne(transaction, changes[i], outputs);
        return outcomes;
    }

    /// <summary>
    /// A complete that was already accepted counts as done if it is identical, sent again by a worker that missed the
    /// response.
    /// </summary>
    public static ChangeOutcome[] Finish(
        WriteTransaction transaction, IReadOnlyList<TaskChange> changes, ChangeOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Refusal == Refusal.AlreadyCompleted)
            {
                var result = ((TaskCommand.Complete)changes[i].Command).Result;
                if (transaction.Find(changes[i].Id) is { Requires.IsCheck: true })
                {
                    result = VerifiedAnswers.CheckResult(result);
                }

                outcomes[i] = transaction.IsStoredResult(changes[i].Id, result)
                    ? Refusal.None
                    : Refusal.AlreadyFinished;
            }

            if (outcomes[i].Refusal != Refusal.None && changes[i].Command.IsReport)
            {
                transaction.Tally.AddRefused(outcomes[i].Refusal);
            }
        }

        return outcomes;
    }

    public static ChangeOutcome DecideOne(WriteTransaction transaction, TaskChange change, OutputLook? outputs = null)
    {
        if (transaction.Find(change.Id) is not { } task) return Refusal.NotFound;
        if (change.Queues is { } queues && !queues.Contains(task.Queue, StringComparer.Ordinal))
        {
            return Refusal.NotFound;
        }

        if (task.Requires.IsVerified)
        {
            // A check follows its task: it can't be cancelled or retried by itself.
            if (task.Requires.IsCheck && !change.Command.IsReport) return Refusal.NotFound;
            if (change.Command is TaskCommand.Complete answer && (answer.Token is null || !task.State.IsFinal))
            {
                var taken = VerifiedAnswers.Take(transaction, task, answer);
                return taken.Refusal != Refusal.None ? taken
                    : taken with { Computed = ChangeOutcome.ComputedOf(answer, task, transaction.Now) };
            }
        }

        if (change is { Command: TaskCommand.Retry, Owner: { } owner } && task.State == TaskState.Dead
            && !transaction.TryReserveRevival(task, owner)) return Refusal.OwnerFull;
        if (change.Command is TaskCommand.Complete { Outputs: { } files }
            && outputs?.IsThere(change.Id, files) != true) return Refusal.OutputNotFound;
        var decision = transaction.Apply(task, change.Command);
        if (decision.Refusal == Refusal.AlreadyCompleted) transaction.PlanResult(change.Id);
        if (decision.Next is not { } next) return decision.Refusal;
        if (change.Command is TaskCommand.Complete complete)
        {
            transaction.SaveResult(next, complete.Result, complete.Outputs);
            if (complete.Outputs is { } named) OutputLook.Store(transaction, change.Id, named);
        }

        if (change.Command is TaskCommand.Heartbeat { Checkpoint: { } checkpoint })
        {
            transaction.SaveCheckpoint(change.Id, checkpoint);
        }

        var outcome = ChangeOutcome.Of(change.Command, next);
        return change.Command is TaskCommand.Complete done
            ? outcome with { Computed = ChangeOutcome.ComputedOf(done, task, transaction.Now) }
            : outcome;
    }
}
