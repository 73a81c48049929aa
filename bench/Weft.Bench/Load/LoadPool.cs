using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>What all connections saw together, how long it took, and what the generator itself spent.</summary>
internal sealed record LoadResult(LoadTally Tally, TimeSpan Elapsed, TimeSpan GeneratorCpu);

/// <summary>Open connections to one server, or in turn to several, all worked at the same time.</summary>
internal sealed class LoadPool : IDisposable
{
    private readonly List<HttpConnection> connections = [];

    private LoadPool() { }

    public static Task<LoadPool> OpenAsync(IPEndPoint server, int count, CancellationToken stop) =>
        OpenAsync([server], count, stop);

    public static async Task<LoadPool> OpenAsync(IReadOnlyList<IPEndPoint> servers, int count, CancellationToken stop)
    {
        var pool = new LoadPool();
        try
        {
            while (pool.connections.Count < count)
                pool.connections.Add(await HttpConnection.OpenAsync(servers[pool.connections.Count % servers.Count],
                    stop));
            return pool;
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>Runs the work once on each connection until the last one is through. A connection that breaks, or still
    /// waits when <paramref name="patience"/> is over, counts as one bad answer and drops out.</summary>
    /// <exception cref="OperationCanceledException">Stopped from outside: half a measurement is none.</exception>
    public async Task<LoadResult> RunAsync(Func<HttpConnection, int, LoadTally, Task> work, TimeSpan patience,
        CancellationToken stop)
    {
        using var overdue = new CancellationTokenSource(patience, TimeProvider.System);
        await using var closeOnOverdue = overdue.Token.Register(Dispose);
        await using var closeOnStop = stop.Register(Dispose);
        var tallies = connections.ConvertAll(_ => new LoadTally());

        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(connections.Select((connection,
            index) => RunOneAsync(work, connection, index, tallies[index])));
        var elapsed = Stopwatch.GetElapsedTime(started);
        cpu = Environment.CpuUsage.TotalTime - cpu;

        stop.ThrowIfCancellationRequested();
        var total = new LoadTally();
        tallies.ForEach(total.Add);
        return new LoadResult(total, elapsed, cpu);
    }

    public void Dispose() => connections.ForEach(connection => connection.Dispose());

    private static async Task RunOneAsync(Func<HttpConnection, int, LoadTally, Task> work, HttpConnection connection,
        int index, LoadTally tally)
    {
        try
        {
            await work(connection, index, tally);
        }
        catch (Exception broken) when (broken is SocketException or InvalidDataException or ObjectDisposedException)
        {
            tally.AddBad($"Connection {index} broke: {broken.Message}");
        }
    }
}
