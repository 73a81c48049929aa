using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>Runs background work periodically. Only the loop is here; the work itself is tested without it.</summary>
/// <param name="name">The work's name, for the log.</param>
/// <param name="interval">The time between two rounds.</param>
/// <param name="runOnce">Runs one round. Returns how much it did.</param>
/// <param name="time">Measures the intervals.</param>
/// <param name="log">Logs failures.</param>
/// <param name="busyInterval">The time to the next round after one that did something; null: as ever.</param>
/// <param name="busyRounds">How many rounds in a row may do nothing until it is the interval again.</param>
internal sealed partial class PeriodicService(
    string name, TimeSpan interval, Func<CancellationToken, Task<int>> runOnce, TimeProvider time,
    ILogger<PeriodicService> log, TimeSpan? busyInterval = null, int busyRounds = 1) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Jitter: coordinators that share a database must not sweep together.
        var idleInterval = interval * (0.9 + 0.2 * Random.Shared.NextDouble());
        using var timer = new PeriodicTimer(idleInterval, time);
        var left = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var done = await RunAsync(stoppingToken);
                if (busyInterval is not { } busy) continue;
                left = done > 0 ? busyRounds : Math.Max(0, left - 1);
                timer.Period = left > 0 ? busy : idleInterval;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var tasks = await runOnce(cancellationToken);
            if (tasks > 0) LogDone(name, tasks);
            return tasks;
        }
        catch (StoreException exception)
        {
            // The next round tries again; a full disk may have free space by then.
            LogFailed(name, exception.Message);
            return 0;
        }
    }

    [LoggerMessage(2001, LogLevel.Debug, "{Name}: {Tasks} tasks")]
    private partial void LogDone(string name, int tasks);

    [LoggerMessage(2002, LogLevel.Warning, "{Name} failed and will be retried: {Message}")]
    private partial void LogFailed(string name, string message);
}
