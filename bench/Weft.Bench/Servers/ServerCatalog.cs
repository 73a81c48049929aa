namespace Weft.Bench.Servers;

/// <summary>The servers that the bench compares.</summary>
internal sealed class ServerCatalog(string root)
{
    /// <summary>The same endpoints over a dictionary: what HTTP alone costs.</summary>
    public Server Floor { get; } = FindFloor(Path.Combine(root, "artifacts/bench/floor/weft-bench-floor"));

    /// <summary>The usual coordinator, in memory on Node.js.</summary>
    public Server Express { get; } = FindExpress(Path.Combine(root, "bench/peers"));

    public Server Weft { get; } = FindWeft(Path.Combine(root, "dist/weft"));

    /// <summary>Beside Weft on PostgreSQL: a queue that lives in the same database, as a library.</summary>
    public PgBoss PgBoss { get; } = new(Path.Combine(root, "bench/peers"));

    public IReadOnlyList<Server> All => [Floor, Express, Weft];

    /// <summary>Weft with its tasks in a database that others may share.</summary>
    public Server WeftOn(string connectionString) =>
        Weft with { Arguments = (port, _) => ["serve", "--port", $"{port}", "--store", connectionString] };

    private static Server FindFloor(string program) => new("floor", program,
        (port, _) => [$"{port}"],
        File.Exists(program) ? null : $"{program} is not there; ./bench.sh builds it");

    private static Server FindExpress(string peers)
    {
        var missing = Programs.Find("node") is null ? "Node.js is not installed"
            : !Directory.Exists(Path.Combine(peers, "node_modules/express")) ? $"run `npm ci` in {peers}"
            : null;
        return new("express", "node", (port, _) => [Path.Combine(peers, "express-coordinator.mjs"), $"{port}"],
            missing);
    }

    private static Server FindWeft(string program) => new("weft", program,
        (port, data) => ["serve", "--port", $"{port}", "--data", data],
        File.Exists(program) ? null : $"{program} is not there; ./build.sh makes it");
}
