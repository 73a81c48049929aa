namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// A worker: claims a task, multiplies, posts the answer, and starts over; <c>poll</c> is the least time between two claims
/// that found nothing. One call of <see cref="RunAsync"/> at a time.
/// </summary>
public sealed class WorkLoop(
    Coordinator coordinator, string workerId, TimeSpan poll, IProgress<WorkEvent> events, TimeProvider time, Random random)
{
    private readonly Backoff _backoff = new(random);
    private (int TaskId, MatrixAnswer Answer)? _unsent;

    /// <summary>Whether a claim is held by the coordinator until work comes; a change holds from the next claim on.</summary>
    public bool Waits { get; set; }

    /// <summary>Works until stopped. A computed answer is never dropped: it is posted first when the loop runs again.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true) await RunOnceAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            events.Report(new(WorkEventKind.Paused));
        }
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            var asked = time.GetTimestamp();
            _unsent ??= await ClaimAndComputeAsync(stop);
            if (_unsent is { } unsent) await PostAsync(unsent.TaskId, unsent.Answer);
            else await RestAsync(time.GetElapsedTime(asked), stop);
        }
        catch (CoordinatorException away)
        {
            var delay = _backoff.Next(away.RetryAfter);
            events.Report(new(WorkEventKind.Away, Text: $"{away.Message} Trying again in {delay.TotalSeconds:0.0} s."));
            await Task.Delay(delay, time, stop);
        }
    }

    private async Task<(int TaskId, MatrixAnswer Answer)?> ClaimAndComputeAsync(CancellationToken stop)
    {
        var task = await coordinator.ClaimAsync(workerId, Waits, stop);
        NoteAnswered();
        if (task is null) return null;

        events.Report(new(WorkEventKind.Computing, task.TaskId));
        return (task.TaskId, MatrixAnswer.To(task.Data));
    }

    private async Task PostAsync(int taskId, MatrixAnswer answer)
    {
        // Not stopped by a pause: the work is done, and the main program waits for it.
        var known = await coordinator.PostResultAsync(taskId, answer.Text, CancellationToken.None);
        _unsent = null;
        NoteAnswered();
        var kind = !known ? WorkEventKind.Dropped : answer.IsError ? WorkEventKind.Failed : WorkEventKind.Completed;
        events.Report(new(kind, taskId, answer.Text));
    }

    // By the time that has passed, not by the switch: a coordinator that doesn't know `wait` answers at once.
    private Task RestAsync(TimeSpan elapsed, CancellationToken stop) =>
        elapsed < poll ? Task.Delay(poll - elapsed, time, stop) : Task.CompletedTask;

    private void NoteAnswered()
    {
        if (_backoff.IsActive) events.Report(new(WorkEventKind.Back));
        _backoff.Reset();
    }
}
