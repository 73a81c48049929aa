namespace Weft.Bench;

/// <summary>What the user chose.</summary>
/// <param name="Seconds">How long each cell is measured in each round.</param>
/// <param name="Rounds">How often all servers take their turn.</param>
/// <param name="Connections">The numbers of keep-alive connections to measure with.</param>
/// <param name="Backlog">How many tasks wait in the large store of the growth scenario.</param>
/// <param name="Store">Where Weft keeps its tasks: <c>sqlite</c> or <c>postgres</c>. Each has scenarios of its
/// own.</param>
/// <param name="Only">The scenario to run; all when null.</param>
/// <param name="JsonFile">Where to write the figures for scripts, if anywhere.</param>
internal sealed record BenchOptions(double Seconds, int Rounds, IReadOnlyList<int> Connections, int Backlog,
    string Store, string? Only, string? JsonFile);
