namespace Weft.Storage.Sqlite;

/// <summary>One caller's work, waiting for a transaction; answered after the commit.</summary>
internal abstract class SqliteOperation
{
    public abstract void Execute(SqliteUnit unit);

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteOperation<T>(Func<SqliteUnit, T> verb) : SqliteOperation
{
    // Continuations run on the thread that answers, which is never the writer's: that has the next transaction to run.
    private readonly TaskCompletionSource<T> _answer = new();
    private T _outcome = default!;

    public Task<T> Answer => _answer.Task;

    public override void Execute(SqliteUnit unit) => _outcome = verb(unit);

    public override void Succeed() => _answer.TrySetResult(_outcome);

    public override void Fail(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Operation._answer.TrySetException(failed.Exception), (Operation: this, Exception: exception), preferLocal: false);
}
