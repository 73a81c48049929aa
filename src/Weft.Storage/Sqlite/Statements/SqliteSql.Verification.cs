using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Verified tasks and their checks.</summary>
internal sealed partial class SqliteSql
{
    // tasks_ready, then primary keys: of the next ?4 checks of lane ?1 after a position, those a worker may have.
    public static readonly string SelectReadyChecks = $"""
        SELECT {TaskColumns}
        FROM (
            SELECT id
            FROM {CheckSql.Behind("?1", "?2", "?3", "?4")} w
            ORDER BY priority DESC, id
            LIMIT ?4
        ) f
        JOIN tasks t ON t.id = f.id
        JOIN checks k ON k.task = f.id
        WHERE {CheckSql.MayHave("?5", "?6", "?7", "?8", "?9")}
        ORDER BY t.priority DESC, t.id
        LIMIT ?10
        """;

    // The position of the last of those; no row if there are fewer.
    public static readonly string SelectChecksEnd = $"""
        SELECT priority, id
        FROM {CheckSql.Behind("?1", "?2", "?3", "?4")} w
        ORDER BY priority DESC, id
        LIMIT 1 OFFSET ?4 - 1
        """;

    public override string SelectPace { get; } = CheckSql.Pace("$3");

    // Primary key: the workers who answered the task of which $1 is a copy, and the one who holds it.
    public const string SelectStandings = $"""
        SELECT {StoreSql.StandingColumns}
        FROM standings s
        WHERE s.identity IN (
            SELECT a.identity
            FROM answers a
            WHERE a.task = coalesce((SELECT k.parent FROM checks k WHERE k.task = $1), $1)
            UNION
            SELECT h.identity FROM holders h WHERE h.task = $1
        ) AND s.queue = $2
        """;
}
