namespace Weft.Storage.Engine;

/// <summary>Runs reads beside the writers.</summary>
internal interface IStoreReader
{
    /// <summary>The statements that the engines write differently.</summary>
    EngineSql Sql { get; }

    /// <summary>
    /// How many rows a read may ask for that ends where it has enough: an engine behind a network sends all that was
    /// asked for.
    /// </summary>
    int RowsAtOnceMax { get; }

    /// <summary>Runs one read.</summary>
    /// <param name="ask">
    /// Adds statements; what it returns is called once they have run, and makes the answer. Called again if the read is
    /// tried again.
    /// </param>
    Task<T> RunAsync<T>(Func<IStatements, Func<T>> ask);

    /// <summary>The lane of a task that these statements have read.</summary>
    Lane LaneOf(long id, IStatements statements);
}
