using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>A check that is to be made of a task.</summary>
/// <param name="Role">What its answer is for.</param>
/// <param name="Apart">What it must not share with the answers that are there.</param>
/// <param name="From">Who may give it.</param>
/// <param name="AnswersMin">Of an elder: who has given so many.</param>
/// <param name="Suspect">Whose earlier answer it audits; null: it is no audit.</param>
internal sealed record NewCheck(
    AnswerRole Role, VerifyApart Apart, CheckFrom From = CheckFrom.Anyone, long AnswersMin = 0,
    IdentityId? Suspect = null)
{
    /// <summary>What the rule asks for.</summary>
    public static NewCheck Of(
        Verdict.Ask ask, VerificationPolicy policy, QueueWorkers workers, IdentityId? suspect) => new(
            ask.Role, policy.Apart, ask.From,
            (long)Math.Ceiling(VerificationRules.ElderAnswers(policy, workers.MedianAnswers)), suspect);

    /// <summary>Adds the statements that store it, beside its row among the tasks.</summary>
    public void Store(IStatements statements, TaskId id, TaskRecord parent)
    {
        statements.Run(StoreSql.CopyPayload).With(id.Value).With(parent.Id.Value);
        if (parent.Requires.HasCall) statements.Run(StoreSql.CopyCall).With(id.Value).With(parent.Id.Value);
        statements.Run(StoreSql.InsertCheck)
            .With(id.Value)
            .With(parent.Id.Value)
            .With((long)Role)
            .With((long)Apart)
            .With((long)From)
            .With(AnswersMin)
            .With(Suspect?.Value);
    }
}
