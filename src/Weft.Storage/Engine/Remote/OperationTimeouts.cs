using Weft.Core.Storage;

namespace Weft.Storage.Engine;

/// <summary>
/// Answers callers that a frozen database keeps waiting. Operations still in the queue have certainly not happened;
/// those that a writer has taken may still happen, and their callers learn that the outcome is unknown.
/// </summary>
internal sealed class OperationTimeouts : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly OperationQueue _queue;
    private readonly IReadOnlyList<RemoteWriter> _writers;
    private readonly TimeSpan _timeMax;
    private readonly TimeProvider _time;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    /// <param name="queue">The waiting operations.</param>
    /// <param name="writers">The writers.</param>
    /// <param name="timeMax">How long an operation may take.</param>
    /// <param name="time">Measures that.</param>
    public OperationTimeouts(
        OperationQueue queue, IReadOnlyList<RemoteWriter> writers, TimeSpan timeMax, TimeProvider time)
    {
        _queue = queue;
        _writers = writers;
        _timeMax = timeMax;
        _time = time;
        _timer = new(Step, time);
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }

    private async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync()) RunOnce();
    }

    /// <summary>Answers callers that have waited too long.</summary>
    private void RunOnce()
    {
        var oldest = _time.GetTimestamp() - (long)(_timeMax.TotalSeconds * _time.TimestampFrequency);
        foreach (var operation in _queue.TakeOlderThan(oldest))
        {
            operation.Fail(new StoreException(StoreErrorKind.Unavailable, "The database does not answer."));
        }

        foreach (var writer in _writers)
        {
            foreach (var operation in writer.Running)
            {
                if (operation.QueuedAt < oldest) operation.Fail(writer.Unknown(exception: null));
            }
        }
    }
}
