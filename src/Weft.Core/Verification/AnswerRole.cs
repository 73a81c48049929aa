namespace Weft.Core.Verification;

/// <summary>Why an answer was asked for. The numbers are stored: never renumber.</summary>
public enum AnswerRole : byte
{
    /// <summary>The task's own, from whoever claimed it.</summary>
    First = 0,

    /// <summary>A second opinion on answers that agreed so far.</summary>
    Check = 1,

    /// <summary>One more where answers differed.</summary>
    Judge = 2,

    /// <summary>A second opinion on a result that had been believed, after a supporter of it was at fault.</summary>
    Audit = 3,
}

/// <summary>What became of an answer. The numbers are stored: never renumber.</summary>
public enum AnswerVerdict : byte
{
    /// <summary>The task is undecided.</summary>
    Open = 0,

    /// <summary>Equal to the answer that is believed.</summary>
    Agreed = 1,

    /// <summary>Another answer is believed.</summary>
    Differed = 2,
}

/// <summary>Who may give a further answer.</summary>
public enum CheckFrom : byte
{
    /// <summary>Any worker with an identity.</summary>
    Anyone = 0,

    /// <summary>An elder: <see cref="VerificationRules.IsElder"/>.</summary>
    Elder = 1,

    /// <summary>A worker that the operator trusts.</summary>
    Trusted = 2,
}
