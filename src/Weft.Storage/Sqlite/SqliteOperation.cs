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
    // Callers go on elsewhere: the writer's thread has the next transaction to run.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _outcome = default!;

    public Task<T> Answer => _answer.Task;

    public override void Execute(SqliteUnit unit) => _outcome = verb(unit);

    public override void Succeed() => _answer.TrySetResult(_outcome);

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}
