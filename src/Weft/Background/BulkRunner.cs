using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Waiting;

namespace Weft.Background;

/// <summary>
/// Runs bulk operations, a step of each in turn, so that a long one holds up no other. It sleeps until one is started
/// here; on a shared store it looks now and then for one that a coordinator which is gone has left.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="wakeUp">Tells that one was started.</param>
/// <param name="runner">Names this coordinator among those of a shared store.</param>
/// <param name="isShared">Whether other coordinators may be on the store.</param>
/// <param name="time">Measures pauses.</param>
/// <param name="log">Takes failures.</param>
internal sealed partial class BulkRunner(
    IBulkStore store, BulkWakeUp wakeUp, string runner, bool isShared, TimeProvider time, ILogger<BulkRunner> log)
    : BackgroundService
{
    private const string FailedReason = "failed";

    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(2);

    // The writer is free for most of the time, whatever it is asked to change. A step of 500 tasks takes 7 ms, on a
    // busy machine 20: 100,000 tasks take 20 to 50 s, during which others do nine tenths of what they do otherwise.
    private const int PauseTimes = 12;

    // Where a step takes longer still, they are done within a minute all the same.
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

    /// <summary>Runs all that there is; true: something is left that the store could not do now.</summary>
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
    /// Takes an operation one step further; one that meets a fault is stopped: it would meet that again at each step,
    /// and after each restart. False: it is another coordinator's for now.
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

    /// <summary>Takes an operation one step further. False: it is another coordinator's for now.</summary>
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

    [LoggerMessage(2004, LogLevel.Error, "Operation {Id} on many tasks met a fault, and is stopped")]
    private partial void LogBroken(Exception exception, long id);

    [LoggerMessage(2003, LogLevel.Warning, "An operation on many tasks failed and will be continued: {Message}")]
    private partial void LogFailed(string message);
}
