using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// Reads tasks, and waits until they are finished while there is time. A failure of the first request is reported at
/// once; a coordinator that becomes unavailable later is waited for.
/// </summary>
/// <param name="hint">Called with the queues of waiting tasks; null for none.</param>
/// <param name="timeout">For all tasks together, from now on; zero doesn't wait.</param>
internal sealed class TaskWatch(RemoteApi api, TimeSpan timeout, TimeProvider time, IdleHint? hint)
{
    // The coordinator holds a request for at most 25 s.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    // How long a response may take beyond the time that it is held.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    // Timers have a maximum duration, but a timeout may be longer.
    private static readonly TimeSpan LookMax = TimeSpan.FromDays(1);

    // Tasks watched at the same time. If there are more, each is polled briefly in turn: none may be finished and
    // deleted while another is waited for.
    private const int TogetherMax = 32;
    private static readonly TimeSpan TurnWait = TimeSpan.FromMilliseconds(500);

    private readonly RemoteApi _patient = api.Patiently();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Reads them all, and returns each as soon as all earlier ones are known.</summary>
    public async IAsyncEnumerable<SeenTask> ReadAllAsync(long[] ids, [EnumeratorCancellation] CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var waiting = Channel.CreateUnbounded<(long Id, TaskCompletionSource<SeenTask> Seen)>();
        var seen = ids.Select(static id =>
            (Id: id, Seen: new TaskCompletionSource<SeenTask>(TaskCreationOptions.RunContinuationsAsynchronously)))
            .ToList();
        foreach (var each in seen) waiting.Writer.TryWrite(each);
        // A failure of the first request is reported at once, including an unreachable coordinator.
        if (timeout > TimeSpan.Zero) await LookFirstAsync(ids[0], stop);
        var turn = ids.Length > TogetherMax ? TurnWait : WaitMax;
        var watching = Enumerable.Range(0, Math.Min(ids.Length, TogetherMax))
            .Select(_ => WatchAsync(waiting, turn, end.Token)).ToArray();
        try
        {
            foreach (var each in seen) yield return await each.Seen.Task;
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(watching);
        }
    }

    private async Task LookFirstAsync(long id, CancellationToken stop)
    {
        try
        {
            // Waiting requests are held for long: the queue would be known too late.
            var task = await LookAsync(api, id, TimeSpan.Zero, stop);
            if (task.FinishedAt is null) hint?.Note(task.Queue, task.Module is not null);
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.TaskNotFound)
        {
            // Reported in the task's own line.
        }
    }

    /// <summary>Takes the next task, reads it, and puts it back if it isn't finished and there is time.</summary>
    private async Task WatchAsync(Channel<(long Id, TaskCompletionSource<SeenTask> Seen)> waiting, TimeSpan turn,
        CancellationToken end)
    {
        try
        {
            await foreach (var each in waiting.Reader.ReadAllAsync(end))
            {
                try
                {
                    if (await WatchOnceAsync(each.Id, turn, end) is { } seen) each.Seen.TrySetResult(seen);
                    else waiting.Writer.TryWrite(each);
                }
                catch (CommandFailure failure)
                {
                    each.Seen.TrySetException(failure);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The caller has stopped, or has everything.
        }
    }

    /// <returns>Null: not finished, and there is time left.</returns>
    private async Task<SeenTask?> WatchOnceAsync(long id, TimeSpan turn, CancellationToken end)
    {
        var left = timeout - time.GetElapsedTime(_start);
        if (left < TimeSpan.Zero) left = TimeSpan.Zero;
        try
        {
            var task = timeout > TimeSpan.Zero
                ? await WaitAsync(id, left < turn ? left : turn, left, end)
                : await LookAsync(api, id, TimeSpan.Zero, end);
            if (task is { FinishedAt: null }) hint?.Note(task.Queue, task.Module is not null);
            return task?.FinishedAt is not null || left <= TimeSpan.Zero ? new(id, task, null) : null;
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.TaskNotFound)
        {
            return new(id, null, refused.Message);
        }
    }

    /// <returns>Null if the coordinator was unavailable all the time.</returns>
    private async Task<TaskInfo?> WaitAsync(long id, TimeSpan wait, TimeSpan left, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter((left < LookMax ? left : LookMax) + AnswerMax);
        try
        {
            return await LookAsync(_patient, id, wait, end.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static Task<TaskInfo> LookAsync(RemoteApi api, long id, TimeSpan wait, CancellationToken stop) =>
        api.GetAsync($"tasks/{id}?wait={wait.TotalSeconds:0.###}", WireJson.Default.TaskInfo, stop);
}

/// <summary>The outcome of watching a task.</summary>
/// <param name="Task">Null if the coordinator was unavailable all the time, or refused.</param>
/// <param name="Trouble">Why it refused; null if it didn't.</param>
internal sealed record SeenTask(long Id, TaskInfo? Task, string? Trouble);
