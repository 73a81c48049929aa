using Weft.EndToEnd.Deploy;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Postgres;

/// <summary>Three coordinators over one database, behind nginx with the files that we ship.</summary>
internal sealed class SharedStack : IAsyncDisposable
{
    private const int CoordinatorCount = 3;

    private readonly List<CoordinatorProcess> _coordinators = [];
    private NginxProcess? _nginx;
    private Wire? _wire;

    private SharedStack(PostgresServer server) => Server = server;

    public PostgresServer Server { get; }

    public IReadOnlyList<CoordinatorProcess> Coordinators => _coordinators;

    public NginxProcess Nginx => _nginx!;

    /// <summary>Through nginx.</summary>
    public Wire Wire => _wire!;

    public static async Task<SharedStack> StartAsync()
    {
        // On a port below the outgoing connections': it is taken again after the server was down.
        var stack = new SharedStack(await PostgresServer.StartNewAsync(FreePort.Next()));
        try
        {
            var database = await stack.Server.CreateDatabaseAsync();
            while (stack._coordinators.Count < CoordinatorCount)
            {
                stack._coordinators.Add(await CoordinatorProcess.StartOnAsync(database));
            }
            stack._nginx =
                await NginxProcess.StartAsync([.. stack._coordinators.Select(static coordinator => coordinator.Port)]);
            stack._wire = new(stack._nginx.Address);
            return stack;
        }
        catch
        {
            // Or a server would outlive the tests.
            await stack.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _wire?.Dispose();
        if (_nginx is not null) await _nginx.DisposeAsync();
        foreach (var coordinator in _coordinators) await coordinator.DisposeAsync();
        await Server.DisposeAsync();
    }
}
