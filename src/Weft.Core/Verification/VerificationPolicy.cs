namespace Weft.Core.Verification;

/// <summary>When a result is believed. The numbers are stored: never renumber.</summary>
public enum VerifyMode : byte
{
    /// <summary>By what is known of the worker: each answer is checked with a probability that falls as it proves
    /// itself.</summary>
    Adaptive = 0,

    /// <summary>When it leads by <see cref="VerificationPolicy.Copies"/> answers, whoever gave them.</summary>
    All = 1,
}

/// <summary>What the answers of one task must not share. The numbers are stored: never renumber.</summary>
public enum VerifyApart : byte
{
    /// <summary>Neither worker nor network.</summary>
    Network = 0,

    /// <summary>Only not the worker, for workers of one's own network.</summary>
    Worker = 1,
}

/// <summary>What a submitter asks of a result before it is told.</summary>
public sealed record VerificationPolicy
{
    /// <summary>What <c>"verify": {}</c> means.</summary>
    public static VerificationPolicy Default { get; } = new();

    /// <summary>
    /// ε: of the results told, at most this share is wrong, in expectation, while at most
    /// <see cref="AssumeHostile"/> of the workers is hostile. From <see cref="Limits.VerifyMaxWrongMin"/> to
    /// <see cref="Limits.VerifyMaxWrongMax"/>.
    /// </summary>
    public double MaxWrong { get; init; } = Limits.VerifyMaxWrongDefault;

    /// <summary>
    /// f: the share of the workers that is assumed to be hostile, from <see cref="Limits.VerifyHostileMin"/> to
    /// <see cref="Limits.VerifyHostileMax"/>.
    /// </summary>
    public double AssumeHostile { get; init; } = Limits.VerifyHostileDefault;

    public VerifyMode Mode { get; init; }

    /// <summary>
    /// With <see cref="VerifyMode.All"/>: by how many answers a result must lead the next. From
    /// <see cref="Limits.VerifyCopiesMin"/> to <see cref="Limits.VerifyCopiesMax"/>.
    /// </summary>
    public int Copies { get; init; } = Limits.VerifyCopiesMin;

    public AnswerComparison Compare { get; init; } = AnswerComparison.Bytes;

    /// <summary>
    /// So many answers without a decision, and the task is dead. From <see cref="Copies"/>, and at least
    /// <see cref="Limits.VerifyAnswersMin"/>, to <see cref="Limits.VerifyAnswersMax"/>.
    /// </summary>
    public int CopiesMax { get; init; } = Limits.VerifyAnswersDefault;

    public VerifyApart Apart { get; init; }

    /// <summary>What is out of bounds, in one sentence for whoever asked; null when nothing is.</summary>
    public string? Fault
    {
        get
        {
            if (!(MaxWrong is >= Limits.VerifyMaxWrongMin and <= Limits.VerifyMaxWrongMax))
            {
                return "maxWrong must be a number from 0.000001 to 0.1.";
            }

            if (!(AssumeHostile is >= Limits.VerifyHostileMin and <= Limits.VerifyHostileMax))
            {
                return "assumeHostile must be a number from 0.001 to 0.4.";
            }

            if (Copies is < Limits.VerifyCopiesMin or > Limits.VerifyCopiesMax)
            {
                return $"copies must be from {Limits.VerifyCopiesMin} to {Limits.VerifyCopiesMax}.";
            }

            if (CopiesMax is < Limits.VerifyAnswersMin or > Limits.VerifyAnswersMax)
            {
                return $"copiesMax must be from {Limits.VerifyAnswersMin} to {Limits.VerifyAnswersMax}.";
            }

            if (CopiesMax < Copies) return "copiesMax must be at least copies.";
            return Compare.Fault;
        }
    }
}
