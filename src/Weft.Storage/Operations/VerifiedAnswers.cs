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
        var copy = transaction.FindCopy(task.Id)
            ?? throw new InvalidOperationException($"Task {task.Id} is verified and has no policy.");
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
            if (next.State == TaskState.Dead) Abandon(transaction, next);
            return;
        }

        if (old.State == TaskState.Dead) Forget(transaction, next.Id);
        // What is believed has no check that is not done.
        if (old.State != TaskState.Checking || next.State == TaskState.Completed) return;
        transaction.Write(statements => statements.Run(StoreSql.DeleteAnswerBodies).With(next.Id.Value));
        if (transaction.FindCopy(next.Id)?.OpenCheck is { } id && transaction.Find(id) is { State.IsFinal: false } open)
        {
            transaction.Apply(open, TaskCommand.Cancel.Instance);
        }
    }

    /// <summary>Deletes the answers to a task: it is run anew.</summary>
    public static void Forget(WriteTransaction transaction, TaskId id) => transaction.Write(statements =>
    {
        statements.Run(StoreSql.DeleteAnswers).With(id.Value);
        statements.Run(StoreSql.DeleteAnswerBodies).With(id.Value);
    });

    /// <summary>Deletes all that belongs to a verified task, or a check, besides what every task has.</summary>
    public static void Delete(WriteTransaction transaction, TaskId id) => transaction.Write(statements =>
    {
        string[] deletes =
        [
            StoreSql.DeleteAnswers, StoreSql.DeleteAnswerBodies, StoreSql.DeleteHolder, StoreSql.DeleteCheck,
            StoreSql.DeletePolicy,
        ];
        foreach (var sql in deletes) statements.Run(sql).With(id.Value);
    });

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
        Add(transaction, copy, next, complete);
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
        if (transaction.Find(copy.Parent) is { State: TaskState.Checking } parent)
        {
            Add(transaction, copy, parent, complete);
        }

        return Refusal.None;
    }

    /// <summary>Stores an answer, and decides.</summary>
    private static void Add(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, TaskCommand.Complete complete)
    {
        var holder = copy.Holder
            ?? throw new InvalidOperationException($"Nobody holds a copy of task {parent.Id}, and it was answered.");
        var sha256 = AnswerHash.Of(complete.Result.Span);
        var answer = new TaskAnswer(
            holder.Identity, holder.Network, holder.IsTrusted, sha256, GroupOf(copy, complete.Result, sha256),
            transaction.Now, copy.Role, AnswerVerdict.Open);
        var number = copy.Answers.Count;
        var isFirstOfGroup = !copy.Answers.Exists(other => other.Group == answer.Group);
        copy.Answers.Add(answer);
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.InsertAnswer)
                .With(parent.Id.Value)
                .With(number)
                .With(answer.Identity.Value)
                .With(unchecked((long)answer.Network.Value))
                .With(answer.IsTrusted ? 1 : 0)
                .With((ReadOnlyMemory<byte>?)answer.Sha256.ToArray())
                .With((ReadOnlyMemory<byte>?)answer.Group.ToArray())
                .With(answer.At.ToUnixTimeMilliseconds())
                .With((long)answer.Role)
                .With((long)answer.Verdict);
        });
        Decide(transaction, copy, parent, complete.Result, isFirstOfGroup);
    }

    private static void Decide(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, ReadOnlyMemory<byte> result,
        bool isFirstOfGroup)
    {
        Vote[] votes = [.. copy.Answers.Select(static answer => new Vote(
            answer.Identity, answer.Network, answer.Group, answer.Role, default, answer.IsTrusted))];
        switch (transaction.Rules.Decide(copy.Policy, votes, default, coin: 0))
        {
            case Verdict.Believe believe:
                Believe(transaction, copy, parent, believe.Answer, result);
                break;
            case Verdict.Dead dead:
                transaction.Apply(parent, new TaskCommand.Doubt(dead.Error));
                break;
            case Verdict.Ask ask:
                if (isFirstOfGroup && copy.Policy.Compare != AnswerComparison.Bytes)
                {
                    transaction.Write(statements => statements.Run(StoreSql.InsertAnswerBody)
                        .With(parent.Id.Value)
                        .With(copy.Answers.Count - 1)
                        .With(result));
                }

                copy.OpenCheck = transaction.InsertCheck(parent, ask.Role, copy.Policy.Apart);
                break;
        }
    }

    private static void Believe(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, AnswerHash group,
        ReadOnlyMemory<byte> newest)
    {
        // Of those that are equal the first is told: the order in which the others came makes no difference.
        var first = copy.Answers.FindIndex(answer => answer.Group == group);
        var told = copy.Bodies.TryGetValue(first, out var body) ? body : newest;
        if (transaction.Apply(parent, TaskCommand.Believe.Instance).Next is not { } believed) return;
        transaction.SaveResult(believed, told, outputs: null);
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.UpdateVerdicts)
                .With((ReadOnlyMemory<byte>?)group.ToArray())
                .With(parent.Id.Value);
            statements.Run(StoreSql.DeleteAnswerBodies).With(parent.Id.Value);
        });
    }

    /// <summary>An answer joins the first group whose first answer it is equal to.</summary>
    private static AnswerHash GroupOf(VerifiedCopy copy, ReadOnlyMemory<byte> result, AnswerHash sha256)
    {
        var compare = copy.Policy.Compare;
        if (compare == AnswerComparison.Bytes) return sha256;
        if (compare.NeedsBodies)
        {
            foreach (var (number, body) in copy.Bodies.OrderBy(static pair => pair.Key))
            {
                if (compare.AreEqual(body, result)) return copy.Answers[number].Group;
            }
        }

        return compare.KeyOf(result);
    }

    /// <summary>A check has failed as often as it may: nobody can say whether the answer is right.</summary>
    private static void Abandon(WriteTransaction transaction, TaskRecord check)
    {
        if (transaction.FindCopy(check.Id) is not { } copy
            || transaction.Find(copy.Parent) is not { State: TaskState.Checking } parent) return;
        transaction.Apply(parent, new TaskCommand.Doubt(
            $"It has an answer that could not be checked. {check.Error ?? "Its check failed."}"));
    }
}
