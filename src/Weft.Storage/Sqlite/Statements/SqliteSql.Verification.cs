using Weft.Core;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Verified tasks and their checks.</summary>
internal sealed partial class SqliteSql
{
    // tasks_ready, then primary keys: the checks of a lane that a worker may have.
    public static readonly string SelectReadyChecks = $"""
        SELECT {TaskColumns}
        FROM (
            SELECT id
            FROM tasks
            WHERE lane = ?1 /* lane */ AND state = {StateSql.Ready}
            ORDER BY priority DESC, id
            LIMIT {Limits.ChecksScanMax}
        ) f
        JOIN tasks t ON t.id = f.id
        JOIN checks k ON k.task = f.id
        WHERE {CheckSql.MayHave("?2", "?3", "?4", "?5", "?6")}
        ORDER BY t.priority DESC, t.id
        LIMIT ?7
        """;

    // Primary key: of those who gave answers to the task of which $1 is a copy, and of who holds it.
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
