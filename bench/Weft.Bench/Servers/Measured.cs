namespace Weft.Bench.Servers;

/// <summary>
/// Whom a measurement is about: one server or several that work as one, and the database that they share, if any.
/// </summary>
internal sealed record Measured(IReadOnlyList<RunningServer> Servers, PostgresServer? Database = null)
{
    public Measured(RunningServer server) : this([server])
    {
    }

    /// <summary>Of the servers, not of their database.</summary>
    public TimeSpan Cpu => Servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.Cpu);

    /// <summary>Null without a shared database.</summary>
    public TimeSpan? DatabaseCpu => Database?.Cpu;

    /// <summary>Bytes, of all servers together.</summary>
    public long ResidentPeak => Servers.Sum(server => server.ResidentPeak);
}
