using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// Reads tasks, and waits until they are finished while there is time. What is wrong at the first look is told at once;
/// a coordinator that goes away later is waited for.
/// </summary>
/// <param name="timeout">For all tasks together, from now on; zero doesn't wait.</param>
internal sealed class TaskWatch(RemoteApi api, TimeSpan timeout, TimeProvider time)
{
    // What the coordinator holds back at most is 25 s.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    // How long an answer may take beyond what it is held back.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    // Timers don't run for ever, but a timeout may.
    private static readonly TimeSpan LookMax = TimeSpan.FromDays(1);

    private readonly RemotePatience _patience = new(time, Console.Error.WriteLine);
    private readonly long _start = time.GetTimestamp();
    private bool _wasReached;

    /// <returns>The task as it was last seen: unfinished when the time is over, null when the coordinator was away all the time.</returns>
    public async Task<TaskInfo?> ReadAsync(long id, CancellationToken stop)
    {
        if (timeout <= TimeSpan.Zero || !_wasReached)
        {
            var task = await LookAsync(id, TimeSpan.Zero, stop);
            _wasReached = true;
            if (timeout <= TimeSpan.Zero || task.FinishedAt is not null) return task;
        }

        TaskInfo? seen;
        TimeSpan left;
        do
        {
            left = timeout - time.GetElapsedTime(_start);
            seen = await WaitAsync(id, left > TimeSpan.Zero ? left : TimeSpan.Zero, stop);
        }
        while (seen?.FinishedAt is null && left > TimeSpan.Zero);
        return seen;
    }

    /// <returns>Null when the coordinator was away all the time.</returns>
    private async Task<TaskInfo?> WaitAsync(long id, TimeSpan left, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter((left < LookMax ? left : LookMax) + AnswerMax);
        try
        {
            return await _patience.AskAsync(again => LookAsync(id, left < WaitMax ? left : WaitMax, again), end.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task<TaskInfo> LookAsync(long id, TimeSpan wait, CancellationToken stop) =>
        api.GetAsync($"tasks/{id}?wait={wait.TotalSeconds:0.###}", WireJson.Default.TaskInfo, stop);
}
