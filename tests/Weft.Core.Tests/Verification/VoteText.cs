using Weft.Core.Verification;

namespace Weft.Core.Tests.Verification;

/// <summary>
/// Votes as words: who (n a newcomer, e an elder, k one that erred twice, b one that is barred, t a trusted worker),
/// and what it answered.
/// </summary>
internal static class VoteText
{
    /// <summary>How many answers an elder has given, and the median of them all.</summary>
    public const int ElderAnswers = 1_000;

    public static AnswerHash Answer(char letter) => AnswerHash.Of([(byte)letter]);

    public static Vote[] Votes(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static (word, index) => Vote(word, index))];

    public static Vote Vote(string word, int index) =>
        new(new(index + 1), new((ulong)index + 1), Answer(word[1]), index == 0 ? AnswerRole.First : AnswerRole.Check,
            word[0] switch
            {
                'n' => new(Answers: 1, Checks: 0, Faults: 0, IsBarred: false),
                'e' => new(ElderAnswers, Checks: 20, Faults: 0, IsBarred: false),
                'k' => new(ElderAnswers, Checks: 20, Faults: 2, IsBarred: false),
                'b' => new(ElderAnswers, Checks: 20, Faults: 5, IsBarred: true),
                't' => default,
                _ => throw new ArgumentOutOfRangeException(nameof(word), word, "There is no such worker."),
            },
            IsTrusted: word[0] == 't');

    /// <summary>A verdict as a cell of a table: <c>A</c>, <c>A-23</c> with who is at fault, <c>elder+1</c>.</summary>
    public static string Cell(Verdict verdict) => verdict switch
    {
        Verdict.Believe believe => Name(believe.Answer)
            + (believe.Faulty.Count == 0 ? "" : $"-{string.Concat(believe.Faulty)}"),
        Verdict.Ask ask => $"{ask.From.ToString().ToLowerInvariant()}+{ask.Count}",
        Verdict.Dead { IsRepeatable: false } => "module",
        _ => "dead",
    };

    private static char Name(AnswerHash answer) => "ABCDE".Single(letter => Answer(letter) == answer);
}
