using System.Security.Cryptography;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Stores an answer, and does what <see cref="VerificationRules"/> says of all that its task has: of one that waits for
/// them, or of a completed one that is audited.
/// </summary>
internal static class AnswerDecisions
{
    /// <summary>A copy's answer has come.</summary>
    public static void Add(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, ReadOnlyMemory<byte> result)
    {
        var holder = copy.Holder
            ?? throw new InvalidOperationException($"Nobody holds a copy of task {parent.Id}, and it was answered.");
        var sha256 = AnswerHash.Of(result.Span);
        var answer = new TaskAnswer(
            holder.Identity, holder.Network, holder.IsTrusted, sha256, GroupOf(copy, result, sha256),
            transaction.Now, copy.Role, AnswerVerdict.Open);
        var number = copy.Answers.Count;
        var isFirstOfGroup = !copy.Answers.Exists(other => other.Group == answer.Group);
        copy.Answers.Add(answer);
        if (copy.IsAdaptive) Note(transaction, copy, parent, answer);
        var verdict = Decide(transaction, copy, parent);
        copy.Answers[number] = answer = answer with
        {
            // Most first answers are believed at once.
            Verdict = number == 0 && verdict is Verdict.Believe ? AnswerVerdict.Agreed : AnswerVerdict.Open,
            IsDrawn = verdict is Verdict.Ask { IsDrawn: true },
        };
        Store(transaction, copy, parent, number, answer);
        var needsBody = copy.IsAdaptive || copy.Policy.Compare != AnswerComparison.Bytes;
        if (verdict is Verdict.Ask && isFirstOfGroup && needsBody)
        {
            // What others become meanwhile may decide for an answer that isn't the newest.
            transaction.Write(statements => statements.Run(StoreSql.InsertAnswerBody)
                .With(parent.Id.Value)
                .With(number)
                .With(result));
        }

        if (copy.IsAdaptive) NoteOpen(transaction, copy, parent, answer, verdict);
        Follow(transaction, copy, parent, verdict, result);
        // Several answers of one worker are stored as one, where nothing rests on its row meanwhile.
        if (verdict is Verdict.Ask || number > 0) copy.Facts.Save(transaction);
        if (copy.IsAdaptive && verdict is Verdict.Ask && answer.Role == AnswerRole.First)
        {
            transaction.Write(statements =>
                statements.Run(StoreSql.OpenAnswer).With(parent.Id.Value).With(parent.Queue));
        }
    }

    /// <summary>The answers that still speak: of a task that is audited, not those that lost the first time.</summary>
    public static Vote[] VotesOf(VerifiedCopy copy, TaskRecord parent) =>
    [
        .. copy.Answers.Where(static answer => answer.Verdict != AnswerVerdict.Differed)
            .Select(answer => new Vote(
                answer.Identity, answer.Network, answer.Group, answer.Role,
                copy.IsAdaptive ? copy.Facts.Of(parent.Queue, answer.Identity).Known : default,
                answer.IsTrusted)),
    ];

    private static void Store(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, int number, TaskAnswer answer)
    {
        var isCounted = copy.IsAdaptive && answer.Role == AnswerRole.First;
        long? shuffle = copy.IsAdaptive ? RandomNumberGenerator.GetInt32(int.MaxValue) : null;
        transaction.Write(statements => statements.Run(StoreSql.InsertAnswer)
            .With(parent.Id.Value)
            .With(number)
            .With(answer.Identity.Value)
            .With(unchecked((long)answer.Network.Value))
            .With(answer.IsTrusted ? 1 : 0)
            .With((ReadOnlyMemory<byte>?)answer.Sha256.ToArray())
            .With((ReadOnlyMemory<byte>?)answer.Group.ToArray())
            .With(answer.At.ToUnixTimeMilliseconds())
            .With((long)answer.Role)
            .With((long)answer.Verdict)
            .With(isCounted ? 1 : 0)
            .With(shuffle)
            .With(answer.IsDrawn ? 1 : 0));
    }

    /// <summary>An answer makes its worker better known, and those who are set beside it.</summary>
    private static void Note(WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, TaskAnswer answer)
    {
        copy.Facts.Of(parent.Queue, answer.Identity).Answered(
            answer.Network, answer.IsTrusted, isOwn: answer.Role == AnswerRole.First, transaction.Now);
        foreach (var identity in VerificationRules.CheckedBy(VotesOf(copy, parent)))
        {
            var standing = copy.Facts.Of(parent.Queue, identity);
            standing.Standing = standing.Standing.Checked();
        }
    }

    /// <summary>What those who send more answers in this transaction are judged by.</summary>
    private static void NoteOpen(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, TaskAnswer answer, Verdict verdict)
    {
        var isFirst = answer.Role == AnswerRole.First;
        if (isFirst != verdict is Verdict.Ask || parent.State != TaskState.Checking) return;
        var standing = copy.Facts.Of(parent.Queue, copy.Answers[0].Identity);
        if (verdict is Verdict.Ask ask)
        {
            standing.Opened(ask.IsDrawn);
            return;
        }

        standing.Closed(copy.Answers[0].IsDrawn);
        transaction.Freed.Add(standing.Identity);
    }

    private static Verdict Decide(WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent)
    {
        var votes = VotesOf(copy, parent);
        if (!copy.IsAdaptive) return VerificationRules.Decide(copy.Policy, votes, default, coin: 0);
        var workers = WorkersOf(transaction, copy, parent);
        var pool = workers.PoolFor(copy.Policy, votes);
        var isRepeatable = VerificationRules.IsRepeatable(
            copy.Policy, copy.Facts.ChecksOf(parent.Queue, copy.Module), workers);
        var verdict = VerificationRules.Decide(
            copy.Policy, votes, pool, transaction.TossCoin(), isRepeatable);
        if (verdict is not Verdict.Ask && votes.Length > 1)
        {
            copy.Facts.AddCheck(
                parent.Queue, copy.Module, VerificationRules.IsDisputeOfElders(copy.Policy, votes, pool));
        }

        return verdict;
    }

    private static void Follow(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, Verdict verdict,
        ReadOnlyMemory<byte> newest)
    {
        var isAudit = parent.State == TaskState.Completed;
        switch (verdict)
        {
            case Verdict.Believe believe when isAudit:
                AnswerAudits.Conclude(transaction, copy, parent, believe, BodyOf(copy, believe.Answer, newest));
                break;
            case Verdict.Believe believe:
                Believe(transaction, copy, parent, believe, BodyOf(copy, believe.Answer, newest));
                break;
            case Verdict.Dead dead when isAudit:
                AnswerAudits.GiveUp(transaction, copy, parent, dead);
                break;
            case Verdict.Dead dead:
                transaction.Apply(parent, new TaskCommand.Doubt(dead.Error));
                break;
            case Verdict.Ask ask:
                copy.OpenCheck = transaction.InsertCheck(parent, NewCheck.Of(
                    ask, copy.Policy, WorkersOf(transaction, copy, parent), copy.Suspect));
                break;
        }
    }

    private static void Believe(
        WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent, Verdict.Believe believe,
        ReadOnlyMemory<byte> told)
    {
        if (transaction.Apply(parent, TaskCommand.Believe.Instance).Next is not { } believed) return;
        transaction.SaveResult(believed, told, outputs: null);
        // A single one never waited.
        if (copy.Answers.Count == 1)
        {
            StoreRisk(transaction, parent, believe);
            return;
        }

        if (copy.IsAdaptive)
        {
            transaction.Write(statements =>
                statements.Run(StoreSql.CloseAnswer).With(parent.Id.Value).With(parent.Queue));
        }

        StoreVerdicts(transaction, parent, believe);
        Fault(copy, parent, believe);
    }

    /// <summary>Says of each answer what became of it, and how sure that is.</summary>
    public static void StoreVerdicts(WriteTransaction transaction, TaskRecord parent, Verdict.Believe believe)
    {
        transaction.Write(statements =>
        {
            statements.Run(StoreSql.UpdateVerdicts)
                .With((ReadOnlyMemory<byte>?)believe.Answer.ToArray())
                .With(parent.Id.Value);
            statements.Run(StoreSql.DeleteAnswerBodies).With(parent.Id.Value);
        });
        StoreRisk(transaction, parent, believe);
    }

    private static void StoreRisk(WriteTransaction transaction, TaskRecord parent, Verdict.Believe believe) =>
        transaction.Write(statements => statements.Run(StoreSql.UpdateRisk)
            .With((long)Math.Ceiling(believe.Risk * StoreRows.RiskParts))
            .With(parent.Id.Value));

    /// <summary>Whoever gave another answer is at fault. Where all is checked, nothing rests on a name.</summary>
    public static void Fault(VerifiedCopy copy, TaskRecord parent, Verdict.Believe believe)
    {
        if (!copy.IsAdaptive) return;
        foreach (var identity in believe.Faulty) copy.Facts.Of(parent.Queue, identity).Faulted(copy.Policy);
    }

    public static QueueWorkers WorkersOf(WriteTransaction transaction, VerifiedCopy copy, TaskRecord parent) =>
        copy.IsAdaptive
            ? copy.Facts.WorkersOf(parent.Queue, transaction.Seen, transaction.Now)
            : QueueWorkers.None;

    // Of those that are equal the first is told: the order in which the others came makes no difference.
    private static ReadOnlyMemory<byte> BodyOf(VerifiedCopy copy, AnswerHash group, ReadOnlyMemory<byte> newest) =>
        copy.Bodies.TryGetValue(copy.Answers.FindIndex(answer => answer.Group == group), out var body) ? body : newest;

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
}
