using Weft.Core.Storage;

namespace Weft.Storage.Engine;

/// <summary>The reads of a store, once for all engines.</summary>
internal sealed partial class StoreReads(IStoreReader reader) : IDisposable
{
    private readonly SharedRead<IReadOnlyList<QueueCounts>> _counts = new(() => CountAsync(reader));

    // One search at a time: it takes as long as the texts are long, and other reads must find a free connection.
    private readonly SemaphoreSlim _searching = new(1);

    /// <summary>For a closed store: no reads follow.</summary>
    public void Dispose() => _searching.Dispose();

    /// <summary>All rows of a statement.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<IRow, T> read, Action<IParameters>? bind = null) =>
        reader.RunAsync<IReadOnlyList<T>>(statements =>
        {
            var rows = new List<T>();
            var query = statements.Query(sql, row => rows.Add(read(row)));
            bind?.Invoke(query);
            return () => rows;
        });

    /// <summary>The rows of a statement for each of some names: one round trip.</summary>
    public Task<IReadOnlyList<T>> ListOfEachAsync<T>(string sql, IReadOnlyCollection<string> names,
        Func<IRow, T> read) =>
        reader.RunAsync<IReadOnlyList<T>>(statements =>
        {
            var rows = new List<T>();
            foreach (var name in names) statements.Query(sql, row => rows.Add(read(row))).With(name);
            return () => rows;
        });

    /// <summary>The result of a statement; the default if it finds nothing.</summary>
    public Task<T?> FindAsync<T>(Action<IStatements, Action<T>> ask) => reader.RunAsync<T?>(statements =>
    {
        T? answer = default;
        ask(statements, found => answer = found);
        return () => answer;
    });

    /// <summary>The statements that differ between engines.</summary>
    public EngineSql Sql => reader.Sql;
}
