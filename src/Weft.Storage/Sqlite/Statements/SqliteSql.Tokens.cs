namespace Weft.Storage.Sqlite;

/// <summary>Room for tokens.</summary>
internal static partial class SqliteSql
{
    public const string DeleteExpiredTokens = """
        DELETE FROM tokens
        WHERE expires_at <= ? AND (SELECT count(*) FROM tokens) > ?
        """;
}
