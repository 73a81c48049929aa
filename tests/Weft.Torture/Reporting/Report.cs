using Weft.Torture.Checking;
using Weft.Torture.Histories;

namespace Weft.Torture.Reporting;

/// <summary>The run's last words, and whether it passed.</summary>
internal static class Report
{
    // I12: a run with next to no work behind it proves nothing.
    private const long OkPerStoreMin = 5;

    /// <returns>Whether nothing was violated, every control was caught, and the run was not vacuous.</returns>
    public static bool Write(TextWriter output, Tally tally, TortureOptions options, TimeSpan took)
    {
        output.WriteLine($"\nSeed {options.Seed}, {took.TotalSeconds:F0} s, {options.Binary}\n");
        foreach (var (operation, count) in tally.Operations) output.WriteLine($"{count,10:N0}  {operation}");
        output.WriteLine();
        foreach (var (fault, count) in tally.Faults) output.WriteLine($"{count,10:N0}  {fault}");
        output.WriteLine();
        foreach (var note in tally.Notes) output.WriteLine($"            {note}");
        foreach (var skipped in tally.NotRun) output.WriteLine($"  NOT RUN  {skipped}");
        foreach (var (name, caught, how) in tally.Controls)
            output.WriteLine($"{(caught ? "caught" : "NOT CAUGHT"),10}  {name}, {how}");
        var (ok, refused, unknown) =
            (tally.Count(Outcome.Ok), tally.Count(Outcome.Fail), tally.Count(Outcome.Unknown));
        var (lost, acceptedTwice) = (Harmed(tally, Harm.Lost), Harmed(tally, Harm.AcceptedTwice));
        output.WriteLine(
            $"""

            {ok + refused + unknown:N0} operations: {ok:N0} ok, {refused:N0} refused, {unknown:N0} without an answer
            {tally.Stores:N0} stores, {tally.Crashes:N0} crashes
            {lost:N0} lost, {acceptedTwice:N0} accepted twice, {tally.Violations.Count:N0} violations in all
            """);
        var isVacuous = tally.Count(Outcome.Ok) < OkPerStoreMin * tally.Stores
            || (tally.Stores == 0 && tally.Controls.Count == 0);
        if (isVacuous) output.WriteLine("I12: there was hardly any work, so this run proves nothing.");
        foreach (var violations in tally.Violations.GroupBy(static violation => violation.Invariant))
            output.WriteLine($"{violations.Count()} of {violations.Key}: {violations.First().Text}");
        var passed = tally.Violations.Count == 0 && tally.Controls.All(static control => control.Caught) && !isVacuous;
        output.WriteLine(passed ? "torture: passed" : "torture: FAILED");
        return passed;
    }

    private static long Harmed(Tally tally, Harm harm) => tally.Violations.Count(violation => violation.Harm == harm);
}
