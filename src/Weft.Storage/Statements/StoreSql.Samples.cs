namespace Weft.Storage.Statements;

/// <summary>
/// The history of metrics, by primary key (minute, coordinator, queue): ten thousand minutes are a week.
/// </summary>
internal static partial class StoreSql
{
    public const string InsertSample = """
        INSERT INTO samples (minute, coordinator, queue, numbers)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """;
    public const string DeleteOldSamples = """
        DELETE FROM samples
        WHERE minute < $1 AND (queue <> '' OR minute < $2)
        """;
    public const string SelectSamples = """
        SELECT minute, queue, numbers
        FROM samples
        WHERE coordinator = $1
        ORDER BY minute
        """;
}
