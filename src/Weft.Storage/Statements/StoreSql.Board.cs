namespace Weft.Storage.Statements;

/// <summary>Names on the board: at most a thousand, by primary key or read as a whole.</summary>
internal static partial class StoreSql
{
    // Those that did something stay before those that did nothing: names that cost nothing push out none that did. Nor
    // one that the operator took off, before or after what it did was stored: that is for good.
    public const string DeleteBoardNamesPastMost = """
        DELETE FROM board_names
        WHERE identity IN (
            SELECT identity
            FROM board_names
            WHERE identity <> $1 AND name IS NOT NULL
            ORDER BY CASE WHEN tasks > 0 THEN 0 ELSE 1 END, seen_at DESC, identity
            LIMIT 1000000 OFFSET $2
        )
        """;
    public const string UpsertBoardName = """
        INSERT INTO board_names (identity, name, since, seen_at, tasks, computed_ms)
        VALUES ($1, $2, $3, $3, 0, 0)
        ON CONFLICT (identity) DO UPDATE
        SET name = excluded.name
        WHERE board_names.name IS NOT NULL
        RETURNING identity
        """;
    public const string DeleteBoardName =
        "DELETE FROM board_names WHERE identity = $1 AND name IS NOT NULL RETURNING identity";
    public const string TakeOffBoardName =
        "UPDATE board_names SET name = NULL WHERE identity = $1 AND name IS NOT NULL RETURNING identity";
    public const string AddBoardWork = """
        UPDATE board_names
        SET tasks = tasks + $1, computed_ms = computed_ms + $2, seen_at = $3
        WHERE identity = $4 AND name IS NOT NULL
        """;
    public const string SelectBoardNames = """
        SELECT identity, name, since, seen_at, tasks, computed_ms
        FROM board_names
        ORDER BY identity
        """;
}
