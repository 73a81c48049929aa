using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Each pass commits everything queued in one transaction (group commit): the batch shares
/// one fsync, and no caller is answered before it.
/// </summary>
internal sealed class SqliteWriter
{
    private const int GatherYieldsMax = 3;

    // With more of them, the next commit would wait longer than a pool thread takes to wake up.
    private const int OwnAnswersMax = 32;

    // The coordinator's own readers finish in less; a backup reads for minutes, and must not block the writer that
    // long.
    private const int LogWaitMilliseconds = 100;

    private readonly SqliteConnection _connection;
    private readonly SqliteWriteTransaction _transaction;
    private readonly OperationQueue _queue;
    private readonly SqliteStoreOptions _options;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<StoreOperation> _batch = [];
    private readonly List<StoreOperation> _ownAnswers = [];
    private readonly List<StoreOperation> _poolAnswers = [];
    private int _lastCount;
    private int _logPagesTooMany;
    private bool _isLogEmpty;
    private volatile SqliteError? _damage;

    public SqliteWriter(
        SqliteConnection connection, SqliteLanes lanes, RecentResultCache recent, SqliteStoreOptions options)
    {
        _connection = connection;
        _options = options;
        _logPagesTooMany = LogPagesTooManyFirst;
        DiskSpace = new(options.Folder);
        _queue = new(options.QueueMax);
        _transaction = new(connection, lanes, recent, options);
        Load();
        new Thread(Loop) { IsBackground = true, Name = "weft writer" }.Start();
    }

    /// <summary>Called on the writer's thread after each commit that changed something for waiters.</summary>
    public Action<CommitNews>? Committed { get; set; }

    /// <summary>Completes when the writer has ended; faulted if the disk failed.</summary>
    public Task Ended => _ended.Task;

    public SqliteDiskSpaceProbe DiskSpace { get; }

    /// <summary>Waiting operations.</summary>
    public int Waiting => _queue.Count;

    // Readers of old snapshots keep the log from restarting. From this length on the writer waits for them.
    private int LogPagesTooManyFirst => 4 * _options.CheckpointPages;

    /// <summary>Runs the operation in the next transaction; completes when that is on disk.</summary>
    public Task<T> RunAsync<T>(StoreOperation<T> operation, Admission admission)
    {
        operation.MeteredAt = _options.Meter.Now;
        return _queue.RunAsync(operation, admission);
    }

    /// <summary>Accepts nothing more, finishes the waiting operations, and empties the log.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _ended.Task;
    }

    /// <summary>A reader found the database damaged: nothing more is written to it.</summary>
    public void Abandon(SqliteError damage)
    {
        _damage = damage;
        _queue.Close();
    }

    private void Load()
    {
        try
        {
            _transaction.Load();
        }
        // Contradictory numbers are as good a reason not to start as damaged pages.
        catch (Exception exception) when (
            exception is SqliteError or KeyNotFoundException or IndexOutOfRangeException or FormatException)
        {
            _connection.Dispose();
            throw SqliteDatabase.Unusable(
                $"The database in {_options.Folder} can't be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private void Loop()
    {
        StoreThread.Enter();
        try
        {
            while (_queue.Take(_batch, _options.CommitMax))
            {
                Gather();
                if (!TryRun(_batch)) RunOneByOne();
                _batch.Clear();
                CheckpointWhenLong();
            }

            if (_damage is { } damage) throw damage;
            _connection.Checkpoint(SqliteNative.CheckpointTruncate);
            _connection.Dispose();
            _ended.TrySetResult();
        }
        catch (SqliteError error)
        {
            End(error);
        }
    }

    /// <summary>
    /// Callers that were just answered are about to send their next operation. Letting them run for a moment combines
    /// two commits into one. A single caller never waits: the previous batch was no larger than this one.
    /// </summary>
    private void Gather()
    {
        for (var yields = 0; yields < GatherYieldsMax && _batch.Count < _lastCount; yields++)
        {
            Thread.Yield();
            _queue.TakeWaiting(_batch, _options.CommitMax);
        }

        _lastCount = _batch.Count;
    }

    /// <summary>
    /// Answers callers on the pool. If the options allow it, the first of those with short answers are left for
    /// <see cref="AnswerOwn"/>, which saves two thread switches.
    /// </summary>
    private void AnswerOnPool(List<StoreOperation> batch)
    {
        foreach (var operation in batch)
        {
            var isOwn = _options.AnswersOnWriter && _ownAnswers.Count < OwnAnswersMax && operation.IsShort;
            (isOwn ? _ownAnswers : _poolAnswers).Add(operation);
        }

        StoreOperation.SucceedOnPool(_poolAnswers);
        _poolAnswers.Clear();
    }

    /// <summary>Answers the remaining callers, on this thread.</summary>
    private void AnswerOwn()
    {
        foreach (var operation in _ownAnswers) operation.Succeed();
        _ownAnswers.Clear();
    }

    /// <summary>False: one of several operations failed and nothing was stored; each must be tried by itself.</summary>
    private bool TryRun(List<StoreOperation> batch)
    {
        CommitNews news;
        var began = _options.Meter.Now;
        try
        {
            _transaction.Begin();
            foreach (var operation in batch) _transaction.Execute(operation);
            news = new([], [.. _transaction.Finished], [.. _transaction.Freed]);
            var isSynced = !batch.TrueForAll(static operation => operation.MayBeLost);
            news = news with { Ready = _transaction.Commit(isSynced) };
        }
        // An exception from an operation is a bug in it: it must affect neither the others nor the writer.
        catch (Exception exception) when (exception is not SqliteError { IsFatal: true })
        {
            _transaction.Rollback();
            // Another program has locked the file: trying each operation separately would wait for it as many times.
            var kind = exception is SqliteError { Primary: SqliteNative.Busy }
                ? FailureKind.Store
                : FailureKind.Operation;
            var isRetried = RetryLadder.Next(kind, batch.Count, tries: 1, mayReconnect: false) == BatchRetry.OneByOne;
            _options.Meter.RolledBack(
                exception is SqliteError { Primary: SqliteNative.Full }
                    ? RollbackReason.Full
                    : CommitMeasurement.ReasonOf(kind),
                isRetried);
            if (isRetried) return false;
            var reason = Explain(exception);
            foreach (var operation in batch) operation.Fail(reason);
            return true;
        }

        _options.Meter.Committed(batch, began);
        AnswerOnPool(batch);
        if (!news.IsEmpty) Committed?.Invoke(news);
        AnswerOwn();
        return true;
    }

    private void RunOneByOne()
    {
        foreach (var operation in _batch) TryRun([operation]);
    }

    private void CheckpointWhenLong()
    {
        var pages = _connection.LogPages;
        if (pages < _options.CheckpointPages)
        {
            _logPagesTooMany = LogPagesTooManyFirst;
            if (_transaction.IsTidy) EmptyLog();
            else _isLogEmpty = false;
            return;
        }

        if (pages < _logPagesTooMany)
        {
            Checkpoint(SqliteNative.CheckpointPassive);
            return;
        }

        _connection.WaitForOthers(LogWaitMilliseconds);
        Checkpoint(SqliteNative.CheckpointTruncate);
        _connection.WaitForOthers(SqliteConnection.BusyMillisecondsMax);
        _logPagesTooMany *= 2;
    }

    private void Checkpoint(int mode)
    {
        var began = _options.Meter.Now;
        _connection.Checkpoint(mode);
        _options.Meter.Checkpointed(began);
    }

    /// <summary>
    /// When there is nothing else to do, the log is truncated as well. A reader in the way only delays that.
    /// </summary>
    private void EmptyLog()
    {
        if (_isLogEmpty) return;
        _connection.WaitForOthers(0);
        _isLogEmpty = _connection.Checkpoint(SqliteNative.CheckpointTruncate).Frames == 0;
        _connection.WaitForOthers(SqliteConnection.BusyMillisecondsMax);
    }

    private Exception Explain(Exception exception)
    {
        if (exception is SqliteError { Primary: SqliteNative.Full }) DiskSpace.ReportFull();
        return exception switch
        {
            SqliteError { Primary: SqliteNative.Full } =>
                new StoreException(StoreErrorKind.Full, "The coordinator's disk is full.", exception),
            SqliteError { Primary: SqliteNative.Busy } =>
                new StoreException(
                    StoreErrorKind.Unavailable, "Another program is writing to the coordinator's database.", exception),
            _ => exception,
        };
    }

    /// <summary>
    /// After a failed read, write or sync the state on disk is unknown: nothing is retried, and no caller gets success.
    /// </summary>
    private void End(SqliteError error)
    {
        _queue.Close();
        var trouble = new StoreException(StoreErrorKind.Unavailable, error.IsDamage
            ? $"The database in {_options.Folder} is damaged: {error.Message}. Run 'weft check' for details, " +
                "or 'weft restore' to restore a backup."
            : $"The disk reported an error: {error.Message}.", error);
        _ended.TrySetException(trouble);
        do
        {
            foreach (var operation in _batch) operation.Fail(trouble);
            _batch.Clear();
        }
        while (_queue.Take(_batch, _options.CommitMax));
    }
}
