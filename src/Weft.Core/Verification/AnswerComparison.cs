namespace Weft.Core.Verification;

/// <summary>
/// When two answers count as equal. Pure, and costly for large answers of <see cref="Json"/> and <see cref="Numbers"/>:
/// compare outside of a store's writer.
/// </summary>
public abstract record AnswerComparison
{
    private AnswerComparison()
    {
    }

    /// <summary>The same bytes as posted.</summary>
    public static AnswerComparison Bytes { get; } = new OfBytes();

    /// <summary>The same JSON, however it is spelt: order of members, blanks, escapes, digits of numbers.</summary>
    public static AnswerComparison Json { get; } = new OfJson();

    /// <summary>What is out of bounds, in one sentence for whoever asked; null when nothing is.</summary>
    public virtual string? Fault => null;

    /// <summary>Whether keys alone don't tell: <see cref="AreEqual"/> does.</summary>
    public virtual bool NeedsBodies => false;

    /// <summary>Answers with the same key are equal; others are where <see cref="AreEqual"/> says so.</summary>
    public abstract AnswerHash KeyOf(ReadOnlyMemory<byte> answer);

    /// <summary>
    /// Whether <paramref name="answer"/> counts as <paramref name="first"/>, the first answer of its group. With a
    /// tolerance that isn't transitive: an answer joins the first group that it matches.
    /// </summary>
    public virtual bool AreEqual(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> answer) =>
        KeyOf(first) == KeyOf(answer);

    private sealed record OfBytes : AnswerComparison
    {
        public override AnswerHash KeyOf(ReadOnlyMemory<byte> answer) => AnswerHash.Of(answer.Span);
    }

    private sealed record OfJson : AnswerComparison
    {
        public override AnswerHash KeyOf(ReadOnlyMemory<byte> answer) => CanonicalJson.KeyOf(answer);
    }

    /// <summary>
    /// The same JSON, in which two numbers are equal when they differ by at most <paramref name="Abs"/>, or by at most
    /// <paramref name="Rel"/> of the larger.
    /// </summary>
    /// <param name="Abs">Finite, at least 0.</param>
    /// <param name="Rel">From 0 to <see cref="Limits.CompareRelMax"/>.</param>
    public sealed record Numbers(double Abs, double Rel) : AnswerComparison
    {
        public override string? Fault
        {
            get
            {
                if (!(Abs >= 0) || !double.IsFinite(Abs)) return "abs must be a finite number of at least 0.";
                return Rel is >= 0 and <= Limits.CompareRelMax
                    ? null : $"rel must be a number from 0 to {Limits.CompareRelMax}.";
            }
        }

        public override bool NeedsBodies => true;

        public override AnswerHash KeyOf(ReadOnlyMemory<byte> answer) => CanonicalJson.KeyOf(answer);

        public override bool AreEqual(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> answer) =>
            first.Span.SequenceEqual(answer.Span) || CloseJson.AreEqual(first, answer, this);
    }
}
