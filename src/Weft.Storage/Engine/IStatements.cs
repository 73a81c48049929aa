namespace Weft.Storage.Engine;

/// <summary>
/// Statements that run in the order in which they are added: PostgreSQL gets them in one round trip, SQLite one by one.
/// Their parameters are $1, $2 and so on, given in the order in which the text first names them.
/// </summary>
internal interface IStatements
{
    /// <summary>A statement whose rows, if any, are ignored.</summary>
    IParameters Run(string sql);

    /// <param name="sql">A statement that returns rows.</param>
    /// <param name="isLast">Called with each row, until it returns that no more are needed.</param>
    IParameters QueryUntil(string sql, Func<IRow, bool> isLast);
}

/// <summary>A statement's parameters, in order.</summary>
internal interface IParameters
{
    IParameters With(long? value);

    IParameters With(string? value);

    IParameters With(ReadOnlyMemory<byte>? value);
}

internal static class StatementQueries
{
    /// <summary>A statement that returns rows, all of which are needed.</summary>
    public static IParameters Query(this IStatements statements, string sql, Action<IRow> row) =>
        statements.QueryUntil(sql, given =>
        {
            row(given);
            return false;
        });
}
