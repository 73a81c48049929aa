namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// A worker: claims a task, multiplies, posts the answer, and starts over; <c>poll</c> is the least time between two
/// claims that found nothing. One call of <see cref="RunAsync"/> at a time.
/// </summary>
public sealed class WorkLoop(
    Coordinator coordinator, string workerId, TimeSpan poll, IProgress<WorkEvent> events, TimeProvider time,
    Random random)
{
    private readonly Backoff _backoff = new(random);
    private (ClaimedTask Task, MatrixAnswer Answer)? _unsent;

    /// <summary>
    /// Whether a claim is held by the coordinator until work comes; a change holds from the next claim on.
    /// </summary>
    public bool Waits { get; set; } = true;

    /// <summary>
    /// Works until stopped. A computed answer is never dropped: it is posted first when the loop runs again.
    /// </summary>
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
        catch (CoordinatorException refused) when (refused.NeedsToken)
        {
            events.Report(new(WorkEventKind.NeedsToken, Text: refused.Message));
        }
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            var asked = time.GetTimestamp();
            _unsent ??= await ClaimAndComputeAsync(stop);
            if (_unsent is { } unsent) await SettleAsync(unsent.Task, unsent.Answer);
            else await RestAsync(time.GetElapsedTime(asked), stop);
        }
        catch (CoordinatorException away) when (!away.NeedsToken)
        {
            var delay = _backoff.Next(away.RetryAfter);
            events.Report(new(WorkEventKind.Away, Text: $"{away.Message} Trying again in {delay.TotalSeconds:0.0} s."));
            await Task.Delay(delay, time, stop);
        }
    }

    private async Task<(ClaimedTask Task, MatrixAnswer Answer)?> ClaimAndComputeAsync(CancellationToken stop)
    {
        var task = await coordinator.ClaimAsync(workerId, Waits, stop);
        NoteAnswered();
        if (task is null) return null;

        events.Report(new(WorkEventKind.Computing, task.Id));
        return (task, MatrixAnswer.To(task.Payload));
    }

    private async Task SettleAsync(ClaimedTask task, MatrixAnswer answer)
    {
        try
        {
            // Not stopped by a pause: the work is done, and the main program waits for it.
            var isTaken = await coordinator.SettleAsync(task, answer, CancellationToken.None);
            _unsent = null;
            NoteAnswered();
            var kind = !isTaken ? WorkEventKind.Dropped : answer.IsError ? WorkEventKind.Failed
                : WorkEventKind.Completed;
            events.Report(new(kind, task.Id, answer.Text));
        }
        catch (CoordinatorException refused) when (refused is { IsRefusal: true, NeedsToken: false })
        {
            // Too large, say. Sent again it would be refused again, and the tasks behind it would wait for ever.
            _unsent = answer.IsError ? null : (task, MatrixAnswer.Error($"The product was refused: {refused.Message}"));
        }
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
