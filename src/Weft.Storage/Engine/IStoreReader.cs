namespace Weft.Storage.Engine;

/// <summary>Runs reads in parallel with the writers.</summary>
internal interface IStoreReader
{
    /// <summary>The statements that differ between engines.</summary>
    EngineSql Sql { get; }

    /// <summary>
    /// The number of rows for a read that ends once it has enough: an engine behind a network sends all that were
    /// requested.
    /// </summary>
    int RowsAtOnceMax { get; }

    /// <summary>Runs one read.</summary>
    /// <param name="ask"> Adds statements; the returned function is called once they have run, and creates the answer.
    /// Called again if the read is retried.
    /// </param>
    Task<T> RunAsync<T>(Func<IStatements, Func<T>> ask);

    /// <summary>The lane of a task that these statements have read.</summary>
    Lane LaneOf(long id, IStatements statements);
}
