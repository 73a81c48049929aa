namespace Weft.Core.Verification.Planning;

/// <summary>One answer to a task of a plan; without a worker, it is the trusted one's.</summary>
internal sealed record PlanBallot(PlanWorker? Worker, int Answer, AnswerRole Role);

/// <summary>A task of a plan.</summary>
internal sealed class PlanTask(int number)
{
    public int Number => number;

    /// <summary>The answers that speak; once it is decided, those that its result rests on.</summary>
    public List<PlanBallot> Ballots { get; set; } = [];

    /// <summary>Those that its result rested on when it was decided last.</summary>
    public IReadOnlyList<PlanBallot> Supporters { get; set; } = [];

    /// <summary>What was told, or holds after corrections; null: nothing yet. Below 0: it is dead.</summary>
    public int? Told { get; set; }

    /// <summary>What it waits for; null: nothing.</summary>
    public Verdict.Ask? Asked { get; set; }

    /// <summary>Whether the coin chose it to be checked: <see cref="Standing.Drawn"/>.</summary>
    public bool IsDrawn { get; set; }

    /// <summary>Whose answer is looked at again; null: nobody's.</summary>
    public PlanWorker? Suspect { get; set; }
}
