namespace Weft.Core.Verification;

/// <summary>What the answers to a task come to.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The task is done.</summary>
    /// <param name="Answer">The answer that is told: the bytes of the first vote for it.</param>
    /// <param name="Faulty">
    /// Who gave another one, and isn't barred yet: <see cref="Standing.Faulted"/> for each.
    /// </param>
    /// <param name="Risk">At most how likely the answer is wrong, in [0, 1].</param>
    public sealed record Believe(AnswerHash Answer, IReadOnlyList<IdentityId> Faulty, double Risk) : Verdict;

    /// <summary>Further answers are needed.</summary>
    /// <param name="From">Who may give them.</param>
    /// <param name="Role">What they are for.</param>
    /// <param name="Count">
    /// How many are needed at least, at least 1: those that are already asked for are among them.
    /// </param>
    /// <param name="NotIdentities">Who has given one.</param>
    /// <param name="NotNetworks">Where they came from, if answers must come from different networks.</param>
    public sealed record Ask(
        CheckFrom From, AnswerRole Role, int Count, IReadOnlyList<IdentityId> NotIdentities,
        IReadOnlyList<NetworkKey> NotNetworks) : Verdict
    {
        /// <summary>The coin chose an answer that could have been believed: <see cref="Standing.Drawn"/>.</summary>
        public bool IsDrawn { get; init; }
    }

    /// <summary>No answer can be believed.</summary>
    /// <param name="Error">Why, with the hashes, for people.</param>
    /// <param name="IsRepeatable">False: the module's runs differ by themselves, and nobody is at fault.</param>
    public sealed record Dead(string Error, bool IsRepeatable) : Verdict;
}
