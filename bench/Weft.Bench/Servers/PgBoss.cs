using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Bench.Servers;

/// <summary>
/// What pg-boss managed: its library, its clients and its checks are one Node.js process (peers/pgboss-load.mjs).
/// </summary>
internal sealed record PgBossResult(long Cycles, double Seconds, double CpuMicroseconds, long Bad, string? FirstBad);

/// <summary>The queue that Node.js programs usually keep in PostgreSQL.</summary>
internal sealed class PgBoss(string peers)
{
    // Its connections: fewer and it waits for them, more and they wait for each other. Measured: see bench/README.md.
    private const int ConnectionsMax = 20;

    /// <summary>Null when it can be run here.</summary>
    public string? Missing => Programs.Find("node") is null ? "Node.js is not installed"
        : !Directory.Exists(Path.Combine(peers, "node_modules/pg-boss")) ? $"run `npm ci` in {peers}"
        : null;

    /// <param name="url">An empty database.</param>
    /// <param name="isBatch">A hundred jobs to a call, instead of one.</param>
    /// <param name="clients">How many take jobs through their lives at the same time.</param>
    /// <param name="warmUp">Before it is measured.</param>
    /// <param name="time">How long it is measured.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="InvalidOperationException">It ended without a result.</exception>
    public async Task<PgBossResult> RunAsync(string url, bool isBatch, int clients, TimeSpan warmUp, TimeSpan time,
        CancellationToken stop)
    {
        string[] arguments = [Path.Combine(peers, "pgboss-load.mjs"), url, isBatch ? "batch" : "single", $"{clients}",
            $"{ConnectionsMax}", Seconds(warmUp), Seconds(time)];
        using var node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        try
        {
            var line = await node.StandardOutput.ReadToEndAsync(stop);
            await node.WaitForExitAsync(stop);
            return node.ExitCode == 0 && JsonSerializer.Deserialize(line, PgBossJson.Default.PgBossResult) is { } result
                ? result
                : throw new InvalidOperationException($"pg-boss ended with exit code {node.ExitCode}");
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}

[JsonSerializable(typeof(PgBossResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PgBossJson : JsonSerializerContext;
