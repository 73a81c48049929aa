using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Looks again at results that a worker at fault supports. The task stays as it is: what turns out wrong is told as a
/// correction.
/// </summary>
internal static class AnswerAudits
{
    /// <summary>Asks somebody else about a completed task. False: nobody needs to look again.</summary>
    public static bool Begin(WriteTransaction transaction, VerifiedCopy copy, TaskRecord task, IdentityId suspect)
    {
        var votes = AnswerDecisions.VotesOf(copy, task);
        var workers = AnswerDecisions.WorkersOf(transaction, copy, task);
        var pool = workers.PoolFor(copy.Policy, votes);
        if (VerificationRules.Audit(copy.Policy, votes, suspect, pool, transaction.TossCoin()) is not { } ask)
        {
            EndSupport(transaction, task.Id, suspect);
            return false;
        }

        if (copy.Policy.Compare.NeedsBodies)
        {
            var told = copy.Answers.FindIndex(static answer => answer.Verdict == AnswerVerdict.Agreed);
            transaction.Write(statements => statements.Run(StoreSql.CopyTold).With(task.Id.Value).With(told));
        }

        copy.OpenCheck = transaction.InsertCheck(
            task, NewCheck.Of(ask, copy.Policy, workers, suspect));
        return true;
    }

    /// <summary>An audit has come to an answer.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="copy">The copy that decided it.</param>
    /// <param name="task">The completed task.</param>
    /// <param name="believe">The answer.</param>
    /// <param name="body">Its bytes.</param>
    public static void Conclude(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord task, Verdict.Believe believe,
        ReadOnlyMemory<byte> body)
    {
        var isRight = believe.Answer == copy.Told;
        if (!isRight) Correct(transaction, copy, task, body, error: null);
        AnswerDecisions.StoreVerdicts(transaction, task, believe);
        AnswerDecisions.Fault(copy, task, believe);
        if (isRight) Confirm(transaction, copy, task);
        else Prove(copy, task);
    }

    /// <summary>Answers differ so much that none is believed any more.</summary>
    public static void GiveUp(WriteTransaction transaction, VerifiedCopy copy, TaskRecord task, Verdict.Dead dead)
    {
        Correct(transaction, copy, task, body: null, dead.Error);
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.EndAllSupport).With(task.Id.Value);
            statements.Run(StoreSql.DeleteAnswerBodies).With(task.Id.Value);
        });
        // Of a module whose runs differ by themselves, nobody is at fault.
        if (dead.IsRepeatable) Prove(copy, task);
    }

    /// <summary>Nobody could look again.</summary>
    public static void Skip(WriteTransaction transaction, VerifiedCopy copy, TaskRecord task)
    {
        if (copy.Suspect is { } suspect) EndSupport(transaction, task.Id, suspect);
        transaction.Write(statements => statements.Run(StoreSql.DeleteAnswerBodies).With(task.Id.Value));
    }

    private static void Confirm(WriteTransaction transaction, VerifiedCopy copy, TaskRecord task)
    {
        if (copy.Suspect is not { } suspect) return;
        var standing = copy.Facts.Of(task.Queue, suspect);
        if (standing.AuditsLeft is > 0 and < StoredStanding.All) standing.AuditsLeft--;
        EndSupport(transaction, task.Id, suspect);
    }

    private static void Prove(VerifiedCopy copy, TaskRecord task)
    {
        if (copy.Suspect is { } suspect) copy.Facts.Of(task.Queue, suspect).Proven();
    }

    private static void Correct(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord task, ReadOnlyMemory<byte>? body, string? error)
    {
        // What was told has the hash of the first of those who gave it.
        var told = copy.Answers.Find(static answer => answer.Verdict == AnswerVerdict.Agreed)!.Sha256;
        transaction.Write(statements => statements.Run(transaction.Sql.InsertCorrection)
            .With(task.Id.Value)
            .With(task.Group?.Value)
            .With((ReadOnlyMemory<byte>?)told.ToArray())
            .With(body)
            .With(error)
            .With(transaction.Now.ToUnixTimeMilliseconds()));
    }

    private static void EndSupport(WriteTransaction transaction, TaskId task, IdentityId suspect) =>
        transaction.Write(statements =>
            statements.Run(StoreSql.EndSupport).With(task.Value).With(suspect.Value));
}

/// <summary>Has results looked at again that a worker at fault supports. Answers how many.</summary>
/// <param name="suspect">The worker.</param>
/// <param name="queue">Where it was at fault.</param>
/// <param name="tasks">Which results.</param>
/// <param name="open">How many audits of the queue are under way.</param>
/// <param name="max">How many more of the worker's are needed.</param>
internal sealed class BeginAuditsOperation(
    IdentityId suspect, string queue, IReadOnlyList<TaskId> tasks, int open, long max) : StoreOperation<int>
{
    public override int Rows => tasks.Count;

    public override void Plan(ReadPlan plan)
    {
        foreach (var id in tasks)
        {
            plan.AddTask(id, TaskCommand.Tick.Instance);
            plan.Audits.Add(id.Value);
        }
    }

    public override void Decide(WriteTransaction transaction)
    {
        Outcome = 0;
        foreach (var id in tasks)
        {
            if (transaction.Find(id) is not { State: TaskState.Completed, Requires.IsVerified: true } task
                || transaction.FindCopy(id) is not { OpenCheck: null, IsAdaptive: true } copy
                || copy.Facts.Of(queue, suspect).AuditsLeft == 0) continue;
            // Others wait for their tasks meanwhile.
            var workers = AnswerDecisions.WorkersOf(transaction, copy, task).Count;
            if (Outcome >= Math.Min(max, Math.Max(1, workers / Limits.VerifyWorkersPerAudit) - open)) return;
            if (AnswerAudits.Begin(transaction, copy, task, suspect)) Outcome++;
        }
    }
}

/// <summary>Nothing is left to audit of a worker's, unless it has been at fault again.</summary>
internal sealed class EndAuditsOperation(IdentityId suspect, string queue, long auditsLeft) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        Outcome = true;
        transaction.Write(statements =>
            statements.Run(StoreSql.EndAudits).With(suspect.Value).With(queue).With(auditsLeft));
    }
}
