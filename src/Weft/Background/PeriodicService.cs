using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Runs a piece of background work again and again. The loop is here; the work is elsewhere and is tested by itself.</summary>
internal sealed partial class PeriodicService(
    string name, TimeSpan interval, Func<CancellationToken, Task<int>> runOnce, TimeProvider time, ILogger<PeriodicService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Jitter: coordinators that share a database must not sweep together.
        using var timer = new PeriodicTimer(interval * (0.9 + 0.2 * Random.Shared.NextDouble()), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var tasks = await runOnce(stop);
            if (tasks > 0) LogDone(name, tasks);
        }
        catch (StoreException exception)
        {
            // The next round tries again: a full disk may have room by then.
            LogFailed(name, exception.Message);
        }
    }

    [LoggerMessage(2001, LogLevel.Debug, "{Name}: {Tasks} tasks")]
    private partial void LogDone(string name, int tasks);

    [LoggerMessage(2002, LogLevel.Warning, "{Name} did not work this time: {Message}")]
    private partial void LogFailed(string name, string message);
}
