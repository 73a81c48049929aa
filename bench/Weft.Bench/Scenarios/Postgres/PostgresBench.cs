using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>
/// What the scenarios over PostgreSQL have in common: one server, a new database for each measurement, and pg-boss.
/// </summary>
internal sealed class PostgresBench(BenchRun run, PostgresServer server) : IAsyncDisposable
{
    /// <summary>Weft is measured with so many coordinators over one database.</summary>
    public static readonly IReadOnlyList<int> CoordinatorCounts = [1, 3];

    public PostgresServer Server => server;

    public static async Task<PostgresBench> StartAsync(BenchRun run, CancellationToken stop) =>
        new(run, await PostgresServer.StartAsync(run.Workspace.NewStore(), stop));

    /// <summary>Why there is nothing to measure here; null: there is.</summary>
    public static string? MissingIn(BenchRun run) => PostgresServer.Missing ?? run.Servers.Weft.Missing;

    /// <summary>Coordinators over a new database.</summary>
    public async Task<Coordinators> StartCoordinatorsAsync(int count, CancellationToken stop) =>
        await StartCoordinatorsAsync(count, await server.NewDatabaseAsync(stop), stop);

    public Task<Coordinators> StartCoordinatorsAsync(int count, string database, CancellationToken stop) =>
        Coordinators.StartAsync(run.Servers.WeftOn(server.ConnectionString(database)), count, run.Workspace, stop);

    public Measured Of(Coordinators coordinators) => new(coordinators.Running, server);

    /// <summary>pg-boss for one round; its CPU is that of clients and library together.</summary>
    public async Task MeasurePgBossAsync(bool isBatch, int clients, Samples samples, Cell cell, Metric rate,
        CancellationToken stop)
    {
        if (run.Servers.PgBoss.Missing is not null) return;
        var database = await server.NewDatabaseAsync(stop);
        var result = await run.Servers.PgBoss.RunAsync(server.Url(database), isBatch, clients, BenchRun.WarmUp,
            run.MeasuredTime, stop);
        run.AddBad(cell.Server, result.Bad, result.FirstBad);
        samples.Add(cell, rate, result.Cycles / result.Seconds);
        if (result.Cycles > 0)
            samples.Add(cell, rate == Metric.CyclesPerSecond ? Metric.GeneratorCpu : Metric.GeneratorCpuPerTask,
                result.CpuMicroseconds / result.Cycles);
        samples.Add(cell, Metric.Bad, result.Bad);
    }

    public static Cell WeftCell(int coordinators, string kind) => new($"weft x{coordinators}", kind);

    /// <summary>Says who is missing, and how the server was set up.</summary>
    public static void AddRemarks(BenchRun run, Samples samples)
    {
        if (run.Servers.PgBoss.Missing is { } missing) samples.Remarks.Add($"pg-boss: not measured ({missing})");
        samples.Remarks.Add($"PostgreSQL for all: {PostgresServer.Settings}");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
