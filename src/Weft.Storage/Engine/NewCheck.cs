using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>A check of a task to be created.</summary>
/// <param name="Role">The purpose of its answer.</param>
/// <param name="Apart">How it must differ from the existing answers.</param>
/// <param name="From">Which workers may give it.</param>
/// <param name="AnswersMin">For elders: their minimum number of answers.</param>
/// <param name="Suspect">The worker whose earlier answer it audits; null: it is not an audit.</param>
internal sealed record NewCheck(
    AnswerRole Role, VerifyApart Apart, CheckFrom From = CheckFrom.Anyone, long AnswersMin = 0,
    IdentityId? Suspect = null)
{
    /// <summary>The check that the rule requires.</summary>
    public static NewCheck Of(
        Verdict.Ask ask, VerificationPolicy policy, QueueWorkers workers, IdentityId? suspect) => new(
            ask.Role, policy.Apart, ask.From,
            (long)Math.Ceiling(VerificationRules.ElderAnswers(policy, workers.MedianAnswers)), suspect);

    /// <summary>Adds the statements that store it, besides its row among the tasks.</summary>
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
