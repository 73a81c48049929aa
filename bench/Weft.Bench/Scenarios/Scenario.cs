using Weft.Bench.Report;

namespace Weft.Bench.Scenarios;

/// <summary>One question that the bench answers. A new one is a new file here and a line in <see cref="All"/>.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="Question">What it answers, for <c>--help</c>.</param>
/// <param name="RunAsync">Measures, and returns the tables to print, in order.</param>
internal sealed record Scenario(string Name, string Question, Func<BenchRun, CancellationToken, Task<IReadOnlyList<Samples>>> RunAsync)
{
    public static IReadOnlyList<Scenario> All { get; } = [CycleScenario.Definition, GrowthScenario.Definition, StartScenario.Definition,
        BatchScenario.Definition, WakeupScenario.Definition, IdleScenario.Definition, BrowserScenario.Definition];
}
