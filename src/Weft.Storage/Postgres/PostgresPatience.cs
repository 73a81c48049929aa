using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>
/// Answers callers whom a frozen database keeps waiting. What still waits for a writer has certainly not happened;
/// what a writer has taken may still happen, and its caller is told so.
/// </summary>
internal sealed class PostgresPatience : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly PostgresQueue _queue;
    private readonly IReadOnlyList<PostgresWriter> _writers;
    private readonly PostgresStoreOptions _options;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    public PostgresPatience(PostgresQueue queue, IReadOnlyList<PostgresWriter> writers, PostgresStoreOptions options)
    {
        _queue = queue;
        _writers = writers;
        _options = options;
        _timer = new(Step, options.Time);
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }

    /// <summary>Answers whoever has waited too long by now.</summary>
    public void RunOnce()
    {
        var oldest = _options.Time.GetTimestamp() - (long)(_options.PatienceMax.TotalSeconds * _options.Time.TimestampFrequency);
        foreach (var operation in _queue.TakeOlderThan(oldest)) operation.Fail(new StoreException(StoreTrouble.Unavailable, "The database does not answer."));
        foreach (var operation in _writers.SelectMany(static writer => writer.Running).Where(operation => operation.QueuedAt < oldest)) operation.Fail(PostgresTrouble.Unknown());
    }

    private async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync()) RunOnce();
    }
}
