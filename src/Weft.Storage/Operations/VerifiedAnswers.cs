using System.Text;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Takes the answers of verified tasks and of their checks, and does what <see cref="VerificationRules"/> says of them.
/// The first answer is the task's own; each check is a task besides, one at a time, so that no two workers who may not
/// both answer can hold copies at once.
/// </summary>
internal static class VerifiedAnswers
{
    /// <summary>A worker brings the result of a verified task, or of a check.</summary>
    public static ChangeOutcome Take(WriteTransaction transaction, TaskRecord task, TaskCommand.Complete complete)
    {
        // Who knows no tokens could put a result in place of any.
        if (complete.Token is not { } token) return Refusal.NotFound;
        // Files that a task wrote aren't compared yet, and what nobody has compared must not be told.
        if (complete.Outputs is not null) return Refusal.OutputNotFound;
        // The task of a check may be deleted by now.
        if (transaction.FindCopy(task.Id) is not { } copy) return task.Requires.IsCheck
            ? Refusal.NotFound
            : throw new InvalidOperationException($"Task {task.Id} is verified and has no policy.");
        return task.Requires.IsCheck
            ? TakeCheck(transaction, copy, task, complete)
            : TakeFirst(transaction, copy, task, complete, token);
    }

    /// <summary>What is stored as the result of a check: a hash, so that a repeated complete is known.</summary>
    public static ReadOnlyMemory<byte> CheckResult(ReadOnlyMemory<byte> result) =>
        Encoding.ASCII.GetBytes($"\"{AnswerHash.Of(result.Span)}\"");

    /// <summary>A verified task, or a check, is in another state: what belongs to it follows.</summary>
    public static void Follow(WriteTransaction transaction, TaskRecord old, TaskRecord next)
    {
        if (next.Requires.IsCheck)
        {
            if (next.State == TaskState.Dead) FailedChecks.Replace(transaction, next);
        }
        else
        {
            // Whoever held it is less far ahead of its checks.
            if (next.Requires.IsPaced && old.State == TaskState.Leased && next.State != TaskState.Checking
                && transaction.FindCopy(next.Id)?.Holder is { } holder) transaction.Freed.Add(holder.Identity);
            if (old.State == TaskState.Dead) Forget(transaction, next);
            // What is believed has no check that is not done.
            if (old.State == TaskState.Checking && next.State != TaskState.Completed) Withdraw(transaction, next);
        }

        // Nobody holds what is answered, given back or over; a lease that lapsed may still bring an answer.
        var isHeld = next.Lease is not null && next.State != TaskState.Checking && !next.State.IsFinal;
        if (old.Lease is not null && old.State != TaskState.Checking && !isHeld) transaction.DropHolder(next.Id);
    }

    /// <summary>A task ends without a result that was found right: its answer says nothing for its worker.</summary>
    private static void Withdraw(WriteTransaction transaction, TaskRecord task)
    {
        if (transaction.FindCopy(task.Id) is { Answers: [var first, ..] }) transaction.Freed.Add(first.Identity);
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.DeleteAnswerBodies).With(task.Id.Value);
            statements.Run(StoreSql.WithdrawAnswer).With(task.Id.Value).With(task.Queue);
            statements.Run(StoreSql.UncountAnswers).With(task.Id.Value);
        });
        CancelCheck(transaction, task.Id);
    }

    /// <summary>Deletes all that belongs to a verified task, or a check, besides what every task has.</summary>
    public static void Delete(WriteTransaction transaction, TaskRecord task)
    {
        if (!task.Requires.IsCheck) CancelCheck(transaction, task.Id);
        Run(transaction, task,
            StoreSql.DeleteAnswers, StoreSql.DeleteAnswerBodies, StoreSql.DeleteHolder, StoreSql.DeleteCheck,
            StoreSql.DeletePolicy, StoreSql.DeleteMisses, StoreSql.DeleteCorrections);
    }

    /// <summary>Deletes the answers to a task: it is run anew.</summary>
    private static void Forget(WriteTransaction transaction, TaskRecord task) => Run(
        transaction, task, StoreSql.DeleteAnswers, StoreSql.DeleteAnswerBodies, StoreSql.DeleteMisses);

    private static void Run(WriteTransaction transaction, TaskRecord task, params string[] deletes) =>
        transaction.Write(statements =>
        {
            if (!task.Requires.IsCheck) statements.Run(StoreSql.DropAnswer).With(task.Id.Value).With(task.Queue);
            foreach (var sql in deletes) statements.Run(sql).With(task.Id.Value);
        });

    private static void CancelCheck(WriteTransaction transaction, TaskId parent)
    {
        if (transaction.FindOpenCheck(parent) is { } id && transaction.Find(id) is { State.IsFinal: false } open)
        {
            transaction.Apply(open, TaskCommand.Cancel.Instance);
        }
    }

    private static ChangeOutcome TakeFirst(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord task, TaskCommand.Complete complete,
        LeaseToken token)
    {
        if (task.State == TaskState.Checking && task.Lease?.Token == token && copy.Answers.Count > 0)
        {
            // Sent again by a worker that missed the answer.
            return copy.Answers[0].Sha256 == AnswerHash.Of(complete.Result.Span)
                ? Refusal.None
                : Refusal.AlreadyFinished;
        }

        var decision = transaction.Apply(task, new TaskCommand.Answer(token));
        if (decision.Refusal == Refusal.AlreadyCompleted) transaction.PlanResult(task.Id);
        if (decision.Next is not { } next) return decision.Refusal;
        AnswerDecisions.Add(transaction, copy, next, complete.Result);
        return Refusal.None;
    }

    private static ChangeOutcome TakeCheck(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord check, TaskCommand.Complete complete)
    {
        var decision = transaction.Apply(check, complete);
        if (decision.Refusal == Refusal.AlreadyCompleted) transaction.PlanResult(check.Id);
        if (decision.Next is not { } next) return decision.Refusal;
        transaction.SaveResult(next, CheckResult(complete.Result), outputs: null);
        transaction.Write(statements => statements.Run(transaction.Sql.EmptyPayload)
            .With((ReadOnlyMemory<byte>?)"null"u8.ToArray())
            .With(check.Id.Value));
        copy.OpenCheck = null;
        // Else nobody waits for it any more.
        if (transaction.Find(copy.Parent) is { State: TaskState.Checking or TaskState.Completed } parent)
        {
            AnswerDecisions.Add(transaction, copy, parent, complete.Result);
        }

        return Refusal.None;
    }
}
