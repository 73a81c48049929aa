using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// Reads tasks, and waits until they are finished while there is time. What is wrong at the first look is told at once;
/// a coordinator that goes away later is waited for.
/// </summary>
/// <param name="hint">Told of queues whose tasks wait; null for nobody.</param>
/// <param name="timeout">For all tasks together, from now on; zero doesn't wait.</param>
internal sealed class TaskWatch(RemoteApi api, TimeSpan timeout, TimeProvider time, IdleHint? hint)
{
    // What the coordinator holds back at most is 25 s.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    // How long an answer may take beyond what it is held back.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    // Timers don't run for ever, but a timeout may.
    private static readonly TimeSpan LookMax = TimeSpan.FromDays(1);

    // Tasks looked at together. Where there are more, each is looked at for a moment in its turn: none may be finished
    // and deleted while another is waited for.
    private const int TogetherMax = 32;
    private static readonly TimeSpan TurnWait = TimeSpan.FromMilliseconds(500);

    private readonly RemoteApi _patient = api.Patiently();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Reads them all, and gives each as soon as those before it are known.</summary>
    public async IAsyncEnumerable<SeenTask> ReadAllAsync(long[] ids, [EnumeratorCancellation] CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var waiting = Channel.CreateUnbounded<(long Id, TaskCompletionSource<SeenTask> Seen)>();
        var seen = ids.Select(static id =>
            (Id: id, Seen: new TaskCompletionSource<SeenTask>(TaskCreationOptions.RunContinuationsAsynchronously)))
            .ToList();
        foreach (var each in seen) waiting.Writer.TryWrite(each);
        // What is wrong at the first look is told at once: a coordinator that isn't there, too.
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
            // Those that wait are held back for long: their queue would be known too late.
            var task = await LookAsync(api, id, TimeSpan.Zero, stop);
            if (task.FinishedAt is null) hint?.Note(task.Queue, task.Module is not null);
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.TaskNotFound)
        {
            // That is for its own line to say.
        }
    }

    /// <summary>Takes a task in turn, looks, and puts it back while it isn't finished and there is time.</summary>
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
            // Whoever waits has gone, or has all.
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

    /// <returns>Null when the coordinator was away all the time.</returns>
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

/// <summary>What became of a task that was looked at.</summary>
/// <param name="Task">Null when the coordinator was away all the time, or says no.</param>
/// <param name="Trouble">Why it says no; null when it doesn't.</param>
internal sealed record SeenTask(long Id, TaskInfo? Task, string? Trouble);
