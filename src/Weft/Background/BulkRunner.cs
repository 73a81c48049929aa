using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Waiting;

namespace Weft.Background;

/// <summary>
/// Runs bulk operations, a step of each in turn, so that a long one doesn't block the others. It sleeps until one is
/// started here; on a shared store it also checks now and then for operations of a coordinator that has disappeared.
/// </summary>
/// <param name="store">Holds the operations.</param>
/// <param name="wakeUp">Signals that one was started.</param>
/// <param name="runner">Identifies this coordinator among those of a shared store.</param>
/// <param name="isShared">Whether other coordinators may use the store.</param>
/// <param name="time">Measures pauses.</param>
/// <param name="log">Logs failures.</param>
internal sealed partial class BulkRunner(
    IBulkStore store, BulkWakeUp wakeUp, string runner, bool isShared, TimeProvider time, ILogger<BulkRunner> log)
    : BackgroundService
{
    private const string FailedReason = "failed";

    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(2);

    // Keeps the writer free most of the time, whatever the operation. A step of 500 tasks takes 7 ms, on a busy machine
    // 20: 100,000 tasks take 20 to 50 s, during which other work runs at nine tenths of its usual rate.
    private const int PauseTimes = 12;

    // If a step takes longer than that, the operation still ends within a minute.
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(240);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var isLeft = await RunAsync(stoppingToken);
                var atMost = isLeft ? RetryTime : isShared ? Limits.BulkTakeOverInterval : Timeout.InfiniteTimeSpan;
                await wakeUp.WaitAsync(atMost, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Runs all pending operations; true: the store could not do some of them now.</summary>
    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await store.FindRunningAsync(runner, time.GetUtcNow()) is { } operation)
            {
                if (!await TryStepAsync(operation, cancellationToken)) return false;
            }

            return false;
        }
        catch (StoreException exception)
        {
            LogFailed(exception.Message);
            return true;
        }
    }

    /// <summary>
    /// Runs one step of an operation. One that hits an internal error is stopped: the error would occur again at each
    /// step, and after each restart. False: another coordinator is running it.
    /// </summary>
    private async Task<bool> TryStepAsync(BulkOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            return await StepAsync(operation, cancellationToken);
        }
        catch (Exception exception) when (exception is not (StoreException or OperationCanceledException))
        {
            LogBroken(exception, operation.Id.Value);
            await store.StopAsync(operation.Id, FailedReason);
            return true;
        }
    }

    /// <summary>Runs one step of an operation. False: another coordinator is running it.</summary>
    private async Task<bool> StepAsync(BulkOperation operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        if (await store.AdvanceAsync(operation, runner) is { } next)
        {
            if (next.State == BulkState.Running) await PauseAsync(time.GetElapsedTime(started), cancellationToken);
            return true;
        }

        return await store.FindAsync(operation.Id) is not { State: BulkState.Running } found
            || found.Runner.Name == runner;
    }

    private Task PauseAsync(TimeSpan took, CancellationToken cancellationToken)
    {
        var pause = took * PauseTimes;
        return Task.Delay(pause < PauseMax ? pause : PauseMax, time, cancellationToken);
    }

    [LoggerMessage(2004, LogLevel.Error, "Bulk operation {Id} was stopped by an internal error")]
    private partial void LogBroken(Exception exception, long id);

    [LoggerMessage(2003, LogLevel.Warning, "A bulk operation failed and will be continued: {Message}")]
    private partial void LogFailed(string message);
}
