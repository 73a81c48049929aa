using Weft.Bench.Report;
using Weft.Bench.Scenarios.Postgres;

namespace Weft.Bench.Scenarios;

/// <summary>
/// One question that the bench answers. A new one is a new file here and a line in <see cref="All"/>.
/// </summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="Question">What it answers, for <c>--help</c>.</param>
/// <param name="RunAsync">Measures, and returns the tables to print, in order.</param>
/// <param name="Store">Over which store, as <c>--store</c> calls it.</param>
internal sealed record Scenario(string Name, string Question,
    Func<BenchRun, CancellationToken, Task<IReadOnlyList<Samples>>> RunAsync, string Store = Scenario.Sqlite)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    public static IReadOnlyList<Scenario> All { get; } =
        [CycleScenario.Definition, GrowthScenario.Definition, StartScenario.Definition,
            BatchScenario.Definition, VerifiedScenario.Definition,
            WakeupScenario.Definition, IdleScenario.Definition, SlowScenario.Definition,
            ScrapeScenario.Definition, ConsoleScenario.Definition, OperationScenario.Definition,
            BrowserScenario.Definition, PythonScenario.Definition, FilesScenario.Definition,
            PostgresCycleScenario.Definition, PostgresBatchScenario.Definition, PostgresGrowthScenario.Definition,
            PostgresWakeupScenario.Definition, PostgresFilesScenario.Definition];

    /// <param name="store">Those over this store.</param>
    /// <param name="only">The one of this name; null: all.</param>
    public static IReadOnlyList<Scenario> Of(string store, string? only) =>
        [.. All.Where(scenario => scenario.Store == store && (only is null || only == scenario.Name))];
}
