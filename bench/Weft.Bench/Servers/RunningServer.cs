using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Bench.Http;

namespace Weft.Bench.Servers;

/// <summary>A server's process, from its start to its end. Disposing it kills the process.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromMilliseconds(1);
    private static readonly byte[] HealthRequest = HttpRequest.Get("/health");
    private readonly Process process;

    private RunningServer(Process process, IPEndPoint address)
    {
        this.process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <summary>From before the process was made to its first 200 from /health.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>User and system time of all the server's threads so far.</summary>
    public TimeSpan Cpu => Refreshed().TotalProcessorTime;

    /// <summary>Bytes; on Linux the VmRSS of now.</summary>
    public long Resident => Refreshed().WorkingSet64;

    /// <summary>Bytes; on Linux VmHWM: the most that was ever resident.</summary>
    public long ResidentPeak => Refreshed().PeakWorkingSet64;

    /// <summary>
    /// Reads and writes of files so far, those of sockets not counted; null where the system doesn't say.
    /// </summary>
    public long? FileCalls => File.Exists($"/proc/{process.Id}/io")
        ? File.ReadLines($"/proc/{process.Id}/io").Where(line => line.StartsWith("sysc", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.AsSpan(line.IndexOf(' ')), CultureInfo.InvariantCulture))
        : null;

    /// <summary>
    /// Starts the server on a free port with its store and its log in <paramref name="folder"/>, and waits until it is
    /// well.
    /// </summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer in time; the message carries the end of
    /// its log.</exception>
    public static async Task<RunningServer> StartAsync(Server server, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var log = Path.Combine(folder, $"{server.Name}.log");
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        // The shell only points the output at a file and becomes the server: a pipe would cost this process a read for
        // each line.
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, server.Program,
            .. server.Arguments(address.Port, Path.Combine(folder, "data"))]);
        SocketThreads.RemoveFrom(start.Environment);

        var started = Stopwatch.GetTimestamp();
        var running = new RunningServer(Process.Start(start)!, address);
        try
        {
            await running.WaitUntilWellAsync(stop);
            running.StartTime = Stopwatch.GetElapsedTime(started);
            return running;
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidDataException)
        {
            await running.DisposeAsync();
            throw new InvalidOperationException($"{server.Name} did not start: " +
                $"{failure.Message}\n{string.Join('\n', File.ReadLines(log).TakeLast(10))}", failure);
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the server to stop (SIGTERM) and waits until it has.</summary>
    /// <exception cref="TimeoutException">It goes on after ten seconds.</exception>
    public async Task StopAsync(CancellationToken stop)
    {
        using var term = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]);
        await process.WaitForExitAsync(stop).WaitAsync(StopPatience, TimeProvider.System, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private async Task WaitUntilWellAsync(CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsWellAsync(stop))
        {
            if (process.HasExited) throw new InvalidDataException($"it ended with exit code {process.ExitCode}.");
            if (Stopwatch.GetElapsedTime(started) > StartPatience)
                throw new TimeoutException($"no 200 from /health within {StartPatience.TotalSeconds} s.");
            await Task.Delay(HealthPoll, TimeProvider.System, stop);
        }
    }

    private async Task<bool> IsWellAsync(CancellationToken stop)
    {
        try
        {
            using var connection = await HttpConnection.OpenAsync(Address, stop);
            var answer = await connection.ExchangeAsync(HealthRequest).AsTask().WaitAsync(StartPatience,
                TimeProvider.System, stop);
            return answer.Status == 200;
        }
        catch (SocketException)
        {
            // Not listening yet.
            return false;
        }
    }

    private Process Refreshed()
    {
        process.Refresh();
        return process;
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
