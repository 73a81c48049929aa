namespace Weft.Torture.Checking;

/// <summary>The two things that a queue is hated for, and all others.</summary>
internal enum Harm
{
    Other,
    Lost,
    AcceptedTwice,
}

/// <summary>A promise that was broken.</summary>
/// <param name="Invariant">I1 to I15, or V1 to V5 of verified tasks.</param>
/// <param name="Text">What was promised and what came of it.</param>
/// <param name="Harm">What it means for who relied on it.</param>
internal sealed record Violation(string Invariant, string Text, Harm Harm = Harm.Other)
{
    public override string ToString() => $"{Invariant}: {Text}";
}
