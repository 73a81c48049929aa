namespace Weft.Core.Verification.Planning;

/// <summary>How hostile workers of a plan choose what to lie about.</summary>
public enum PlanStrategy
{
    /// <summary>Nobody lies.</summary>
    Honest,

    /// <summary>Whatever they are asked.</summary>
    Always,

    /// <summary>A share of the tasks.</summary>
    Share,

    /// <summary>Nothing until they have a good name, then everything.</summary>
    Sleeper,

    /// <summary>Nothing until they have a good name, then a few tasks, then nothing for ever.</summary>
    Few,

    /// <summary>Half of them always; the others never begin, but confirm what a fellow has said.</summary>
    Backers,
}

/// <summary>What the hostile workers of a plan do.</summary>
/// <param name="Name">For people, and for <c>--attack</c>.</param>
/// <param name="Strategy">What they lie about.</param>
/// <param name="Share">Of which share of the tasks, where the strategy has one.</param>
/// <param name="Colludes">
/// They give the same wrong answer to a task, and know what fellows have answered, as do workers that all return one
/// constant.
/// </param>
/// <param name="LiesMax">
/// With <see cref="PlanStrategy.Few"/>: how many lies each tells; null: as many as pay best against checks by c/n.
/// </param>
public sealed record PlanAttack(
    string Name, PlanStrategy Strategy, double Share, bool Colludes, int? LiesMax = null)
{
    /// <summary>Every attack, the peaceful one first.</summary>
    public static IReadOnlyList<PlanAttack> All { get; } =
    [
        new("none", PlanStrategy.Honest, 0, false),
        new("always", PlanStrategy.Always, 0, false),
        new("tenth", PlanStrategy.Share, 0.1, false),
        new("hundredth", PlanStrategy.Share, 0.01, false),
        new("sleepers", PlanStrategy.Sleeper, 0, false),
        new("few", PlanStrategy.Few, 0.1, false),
        new("always-together", PlanStrategy.Always, 0, true),
        new("tenth-together", PlanStrategy.Share, 0.1, true),
        new("sleepers-together", PlanStrategy.Sleeper, 0, true),
        new("few-together", PlanStrategy.Few, 0.1, true),
        new("backers", PlanStrategy.Backers, 0, true),
    ];

    /// <summary>In one line, for people.</summary>
    public string Description => (Strategy, Colludes) switch
    {
        (PlanStrategy.Honest, _) => "nobody lies",
        (PlanStrategy.Always, false) => "lie always, each on its own",
        (PlanStrategy.Always, true) => "lie always, all the same lie",
        (PlanStrategy.Share, false) => $"lie about {100 * Share:0.#} % of tasks, each on its own",
        (PlanStrategy.Share, true) => $"lie about {100 * Share:0.#} % of tasks, all the same lie",
        (PlanStrategy.Sleeper, false) => "honest for half of their tasks, then lie always, each on its own",
        (PlanStrategy.Sleeper, true) => "honest for half of their tasks, then all the same lies",
        (PlanStrategy.Few, false) => "honest for half of their tasks, then a few lies, each on its own",
        (PlanStrategy.Few, true) => "honest for half of their tasks, then a few lies together",
        _ => "newcomers lie, those with a good name confirm it",
    };
}
