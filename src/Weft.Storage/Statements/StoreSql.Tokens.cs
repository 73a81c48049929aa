using Weft.Storage.Engine;

namespace Weft.Storage.Statements;

/// <summary>Tokens: few, and read as a whole.</summary>
internal static partial class StoreSql
{
    public const string InsertToken = $"{InsertNewToken} RETURNING id";

    // One of the first tokens: only if there is no valid admin token, or if it follows one that was stored.
    public const string InsertFirstToken = $"""
        {InsertNewToken}
        WHERE EXISTS (SELECT 1 FROM tokens WHERE hash = $7 /* the first one's */)
            OR NOT EXISTS (
                SELECT 1
                FROM tokens
                WHERE scopes & $8 /* admin */ <> 0 AND (expires_at IS NULL OR expires_at > $5)
            )
        RETURNING id
        """;
    public const string DeleteToken = "DELETE FROM tokens WHERE id = $1 RETURNING id";

    // Before an admin's token goes: what it pushed stays an admin's, by the owner 0, which no token has.
    public const string KeepModulesOfAdmin = """
        INSERT INTO module_owners (module, owner, name)
        SELECT o.module, 0, o.name
        FROM module_owners o
        JOIN tokens t ON t.id = o.owner
        WHERE o.owner = $1 AND (t.scopes & 8 /* admin */) <> 0
        ON CONFLICT (module, owner) DO NOTHING
        """;
    public const string CountTokens = "SELECT count(*) FROM tokens";
    public const string SelectTokens = $"SELECT {StoreRows.TokenColumns} FROM tokens ORDER BY id";

    private const string InsertNewToken = """
        INSERT INTO tokens (hash, scopes, queues, name, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6
        """;
}
