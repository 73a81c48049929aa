namespace Weft.Core.Verification.Planning;

/// <summary>What a plan is asked about.</summary>
/// <param name="Workers">How many work at once.</param>
/// <param name="TasksEach">Tasks for each of them.</param>
/// <param name="Hostile">The share of the workers that lies, in [0, 1].</param>
/// <param name="Policy">What is asked of each result.</param>
/// <param name="HasTrusted">One worker more is the operator's own.</param>
/// <param name="HasTime">
/// False: whoever is asked answers at once, so that no answer ever waits, and liars give their share of first answers
/// however often they are caught. The independent second simulation has no time either.
/// </param>
public sealed record PlanSettings(
    int Workers, int TasksEach, double Hostile, VerificationPolicy Policy, bool HasTrusted = false,
    bool HasTime = true)
{
    public int Tasks => Workers * TasksEach;
}

/// <summary>What a simulated run came to.</summary>
/// <param name="Tasks">How many tasks there were.</param>
/// <param name="WrongTold">Of those, how many results were wrong when they were told.</param>
/// <param name="WrongAtEnd">The same after the audits: what corrections don't reach.</param>
/// <param name="Dead">Tasks without a result, since answers went on differing.</param>
/// <param name="Copies">All computations.</param>
/// <param name="Disputes">Tasks whose answers differed.</param>
/// <param name="Corrections">Results that an audit changed.</param>
/// <param name="BarredHostile">Names of liars that were barred.</param>
/// <param name="BarredHonest">Names of honest workers that were barred.</param>
public sealed record PlanOutcome(
    int Tasks, int WrongTold, int WrongAtEnd, int Dead, long Copies, int Disputes, int Corrections, int BarredHostile,
    int BarredHonest)
{
    public double CopiesEach => (double)Copies / Tasks;

    public double WrongToldShare => (double)WrongTold / Tasks;

    public double WrongAtEndShare => (double)WrongAtEnd / Tasks;
}
