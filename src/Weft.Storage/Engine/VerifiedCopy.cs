using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>
/// A copy of a verified task, which is the task itself or one of its checks, with all that decides about its answer.
/// </summary>
internal sealed class VerifiedCopy
{
    /// <summary>The task.</summary>
    public required TaskId Parent { get; init; }

    public required VerificationPolicy Policy { get; init; }

    /// <summary>What this copy's answer is for.</summary>
    public required AnswerRole Role { get; init; }

    /// <summary>What the task runs, by its stored number; 0: nothing that the coordinator has.</summary>
    public long Module { get; private init; }

    /// <summary>Whose earlier answer this copy is to audit; null: it is no audit.</summary>
    public IdentityId? Suspect { get; private init; }

    /// <summary>Who may give this copy's answer; of the task itself, anybody.</summary>
    private (CheckFrom From, long AnswersMin) Asked { get; init; }

    /// <summary>What is known besides; of what isn't adaptive, nothing.</summary>
    public VerificationFacts Facts { get; set; } = new();

    /// <summary>Whether workers' names make a difference.</summary>
    public bool IsAdaptive => Policy.Mode == VerifyMode.Adaptive;

    /// <summary>The answer that was told; null: none was.</summary>
    public AnswerHash? Told => Answers.Find(static answer => answer.Verdict == AnswerVerdict.Agreed)?.Group;

    /// <summary>The answers so far, in the order in which they came.</summary>
    public List<TaskAnswer> Answers { get; } = [];

    /// <summary>The first answer of each group, by its place, where hashes alone don't tell what is equal.</summary>
    public Dictionary<int, ReadOnlyMemory<byte>> Bodies { get; } = [];

    /// <summary>Who failed checks of the task, and how often.</summary>
    public List<(IdentityId Identity, NetworkKey Network, long Times)> Misses { get; } = [];

    /// <summary>Who claimed this copy last; null: nobody has.</summary>
    public (IdentityId Identity, NetworkKey Network, bool IsTrusted)? Holder { get; set; }

    /// <summary>The check that is not done; null: there is none.</summary>
    public TaskId? OpenCheck { get; set; }

    /// <summary>Adds the statements that read it. Null: the task is not verified.</summary>
    /// <param name="isUnanswered">It is the task itself, which nobody has answered yet.</param>
    public static void Query(
        IStatements statements, TaskId id, Action<VerifiedCopy> found, bool isUnanswered = false)
    {
        VerifiedCopy? copy = null;
        statements.Query(StoreSql.SelectFamily, row =>
        {
            copy = new()
            {
                Parent = new(row.Long(0)),
                Policy = VerificationPolicyText.Read(row.Text(1)),
                Role = (AnswerRole)row.Long(2),
                Module = row.Long(3),
                Suspect = row.LongOrNull(4) is { } suspect ? new(suspect) : null,
                Asked = ((CheckFrom)row.Long(5), row.Long(6)),
            };
            found(copy);
        }).With(id.Value);
        statements.Query(StoreSql.SelectHolder, row =>
        {
            if (copy is not null) copy.Holder = (new(row.Long(0)), ReadNetwork(row, 1), row.Long(2) != 0);
        }).With(id.Value);
        if (isUnanswered) return;
        statements.Query(StoreSql.SelectAnswers, row => copy?.Answers.Add(ReadAnswer(row))).With(id.Value);
        statements.Query(StoreSql.SelectAnswerBodies, row => copy?.Bodies.Add((int)row.Long(0), row.Bytes(1)))
            .With(id.Value);
        statements.Query(StoreSql.SelectMisses, row => copy?.Misses.Add(
            (new(row.Long(0)), ReadNetwork(row, 1), row.Long(2)))).With(id.Value);
        statements.Query(StoreSql.SelectOpenCheck, row =>
        {
            if (copy is not null) copy.OpenCheck = new(row.Long(0));
        }).With(id.Value);
    }

    /// <summary>The same check once more.</summary>
    public NewCheck Again() => new(Role, Policy.Apart, Asked.From, Asked.AnswersMin, Suspect);

    private static TaskAnswer ReadAnswer(IRow row) => new(
        new(row.Long(0)), ReadNetwork(row, 1), row.Long(2) != 0, AnswerHash.From(row.Bytes(3)),
        AnswerHash.From(row.Bytes(4)), row.Time(5), (AnswerRole)row.Long(6), (AnswerVerdict)row.Long(7),
        IsDrawn: row.Long(8) != 0);

    private static NetworkKey ReadNetwork(IRow row, int column) => new(unchecked((ulong)row.Long(column)));
}
