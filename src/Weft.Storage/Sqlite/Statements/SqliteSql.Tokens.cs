namespace Weft.Storage.Sqlite;

/// <summary>Adding tokens.</summary>
internal sealed partial class SqliteSql
{
    public const string DeleteExpiredTokens = """
        DELETE FROM tokens
        WHERE expires_at <= ? AND (SELECT count(*) FROM tokens) > ?
        """;
}
