namespace Weft.Storage.Sqlite;

/// <summary>One caller's work, waiting for a transaction; answered after the commit.</summary>
internal abstract class SqliteOperation
{
    /// <summary>Whether what the caller does with its answer takes but a moment; known once it has been executed.</summary>
    public abstract bool IsShort { get; }

    public abstract void Execute(SqliteUnit unit);

    /// <summary>Tells the caller, on this very thread.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteOperation<T>(Func<SqliteUnit, T> verb, Func<T, bool>? isShort) : SqliteOperation
{
    private readonly TaskCompletionSource<T> _answer = new();
    private T _outcome = default!;

    public Task<T> Answer => _answer.Task;

    public override bool IsShort => isShort is not null && isShort(_outcome);

    public override void Execute(SqliteUnit unit) => _outcome = verb(unit);

    public override void Succeed() => _answer.TrySetResult(_outcome);

    public override void Fail(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Operation._answer.TrySetException(failed.Exception), (Operation: this, Exception: exception), preferLocal: false);
}
