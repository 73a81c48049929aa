using System.Net;

namespace Weft.Bench.Servers;

/// <summary>Several processes of Weft over one database, measured as one.</summary>
internal sealed class Coordinators(IReadOnlyList<RunningServer> running) : IAsyncDisposable
{
    public IReadOnlyList<RunningServer> Running => running;

    public IReadOnlyList<IPEndPoint> Addresses => [.. running.Select(server => server.Address)];

    public static async Task<Coordinators> StartAsync(Server server, int count, Workspace workspace,
        CancellationToken stop)
    {
        var running = new List<RunningServer>();
        var coordinators = new Coordinators(running);
        try
        {
            while (running.Count < count)
                running.Add(await RunningServer.StartAsync(server, workspace.NewStore(), stop));
            return coordinators;
        }
        catch
        {
            await coordinators.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in running) await server.DisposeAsync();
    }
}
