using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>
/// Runs background work periodically. Only the loop is here; the work is elsewhere and tested without it.
/// </summary>
internal sealed partial class PeriodicService(
    string name, TimeSpan interval, Func<CancellationToken, Task<int>> runOnce, TimeProvider time,
    ILogger<PeriodicService> log) : BackgroundService
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

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var tasks = await runOnce(cancellationToken);
            if (tasks > 0) LogDone(name, tasks);
        }
        catch (StoreException exception)
        {
            // The next round tries again; a full disk may have space by then.
            LogFailed(name, exception.Message);
        }
    }

    [LoggerMessage(2001, LogLevel.Debug, "{Name}: {Tasks} tasks")]
    private partial void LogDone(string name, int tasks);

    [LoggerMessage(2002, LogLevel.Warning, "{Name} failed and will be retried: {Message}")]
    private partial void LogFailed(string name, string message);
}
