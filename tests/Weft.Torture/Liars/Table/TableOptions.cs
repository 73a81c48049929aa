namespace Weft.Torture.Liars.Table;

/// <summary>A world whose results are counted: so many workers, of which a share lies.</summary>
/// <param name="TasksEach">Tasks for each worker.</param>
/// <param name="Attacks">How the hostile ones lie, a row for each.</param>
/// <param name="MaxWrong">What is promised.</param>
/// <param name="Hostile">Which share of the workers lies, and is assumed to.</param>
/// <param name="Work">How long a worker takes for a task.</param>
internal sealed record TableOptions(
    int TasksEach, IReadOnlyList<string> Attacks, double MaxWrong, double Hostile, TimeSpan Work)
{
    public const int Workers = 50;

    public int Tasks => Workers * TasksEach;

    public int Liars => (int)Math.Round(Workers * Hostile);
}

/// <summary>What one of them came to.</summary>
/// <param name="Attack">How the hostile ones lied.</param>
/// <param name="Told">Results.</param>
/// <param name="Wrong">Of those, how many were wrong when they were told.</param>
/// <param name="WrongAtEnd">The same after all corrections.</param>
/// <param name="Dead">Tasks without a result.</param>
/// <param name="Copies">All answers that were taken.</param>
/// <param name="BarredHostile">Names of liars that got no more tasks.</param>
/// <param name="BarredHonest">The same of honest workers.</param>
/// <param name="Predicted">Copies of each task, as <c>weft verify plan</c> says.</param>
internal sealed record TableRow(
    string Attack, int Told, int Wrong, int WrongAtEnd, int Dead, long Copies, int BarredHostile, int BarredHonest,
    double Predicted)
{
    public const double CopiesTolerance = 0.05;

    /// <summary>What a sound coordinator exceeds once in a thousand runs.</summary>
    public const double Chance = 0.001;

    public double CopiesEach => (double)Copies / (Told + Dead);

    /// <summary>How far the copies are from those that were predicted, as a share of them.</summary>
    public double Deviation => (CopiesEach / Predicted) - 1;

    /// <summary>Whether no more was told wrong than is promised, by a Poisson test at 99.9 %.</summary>
    public bool KeepsPromise(double maxWrong) => PoissonTail(Wrong, maxWrong * Told) >= Chance;

    /// <summary>How likely a Poisson variable of this mean is at least <paramref name="count"/>.</summary>
    public static double PoissonTail(int count, double mean)
    {
        // In logarithms: the first terms of a large mean are too small for a double.
        var (below, log) = (0.0, -mean);
        for (var i = 0; i < count; i++)
        {
            below += Math.Exp(log);
            log += Math.Log(mean) - Math.Log(i + 1);
        }

        return Math.Max(0, 1 - below);
    }
}
