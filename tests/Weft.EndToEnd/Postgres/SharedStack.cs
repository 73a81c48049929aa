using Weft.EndToEnd.Deploy;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Postgres;

/// <summary>Three coordinators over one database, behind nginx with the files that we ship.</summary>
internal sealed class SharedStack : IAsyncDisposable
{
    private const int CoordinatorCount = 3;

    private SharedStack(PostgresServer server, CoordinatorProcess[] coordinators, NginxProcess nginx)
    {
        (Server, Coordinators, Nginx) = (server, coordinators, nginx);
        Wire = new(nginx.Address);
    }

    public PostgresServer Server { get; }

    public IReadOnlyList<CoordinatorProcess> Coordinators { get; }

    public NginxProcess Nginx { get; }

    /// <summary>Through nginx.</summary>
    public Wire Wire { get; }

    public static async Task<SharedStack> StartAsync()
    {
        // On a port below the outgoing connections': it is taken again after the server was down.
        var server = await PostgresServer.StartNewAsync(FreePort.Next());
        var database = await server.CreateDatabaseAsync();
        var coordinators = await Task.WhenAll(Enumerable.Range(0, CoordinatorCount).Select(_ => CoordinatorProcess.StartOnAsync(database)));
        return new(server, coordinators, await NginxProcess.StartAsync([.. coordinators.Select(static coordinator => coordinator.Port)]));
    }

    public async ValueTask DisposeAsync()
    {
        Wire.Dispose();
        await Nginx.DisposeAsync();
        foreach (var coordinator in Coordinators) await coordinator.DisposeAsync();
        await Server.DisposeAsync();
    }
}
