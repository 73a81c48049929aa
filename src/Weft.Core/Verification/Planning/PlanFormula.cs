namespace Weft.Core.Verification.Planning;

/// <summary>What can be computed of a plan without running it.</summary>
public static class PlanFormula
{
    private const int StartsTried = 200;
    private const double NegligibleChance = 1e-6;

    /// <summary>Copies of each task while nobody lies.</summary>
    public static double Copies(PlanSettings settings) =>
        VerificationRules.PredictedCopies(settings.Policy, settings.TasksEach);

    /// <summary>
    /// At most which share of the results is wrong when it is told, in expectation, whatever the hostile workers lie
    /// about; they answer for each other when they can.
    /// </summary>
    public static double WrongMax(PlanSettings settings)
    {
        var hostile = settings.Hostile;
        if (hostile <= 0) return 0;
        return settings.Policy.Mode == VerifyMode.All
            // Brun: the leader by d, while each answer is wrong with this chance and wrong ones agree.
            ? 1 / (1 + Math.Pow((1 - hostile) / hostile, settings.Policy.Copies))
            : Math.Min(hostile, hostile * LiesMax(settings) / settings.TasksEach);
    }

    // One name that begins to lie with its s-th answer and goes on until it is caught: the best s. Any other order of
    // lies gives less, since checks only become rarer.
    private static double LiesMax(PlanSettings settings)
    {
        var (tasks, honest) = (settings.TasksEach, 1 - settings.Hostile);
        var free = VerificationRules.FreeAnswers(settings.Policy);
        var most = LiesFrom(tasks, tasks, honest, free);
        for (var start = Math.Max(1, (int)free); start < tasks; start += Math.Max(1, tasks / StartsTried))
        {
            most = Math.Max(most, LiesFrom(start, tasks, honest, free));
        }

        return most;
    }

    private static double LiesFrom(int start, int tasks, double honest, double free)
    {
        var (chance, lies) = (1.0, 0.0);
        for (var task = start; task <= tasks && chance >= NegligibleChance; task++)
        {
            chance *= 1 - (honest * Math.Clamp(free / task, Limits.VerifyCheckShareMin, 1));
            lies += chance;
        }

        return lies;
    }
}
