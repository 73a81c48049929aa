using Weft.Storage.Engine;

namespace Weft.Storage.Statements;

/// <summary>Answers and their checks, by primary keys and checks_parent.</summary>
internal static partial class StoreSql
{
    // The task of which $1 is a copy: itself, or the parent of the check that it is.
    private const string Parent = "coalesce((SELECT k.parent FROM checks k WHERE k.task = $1), $1)";

    // Of lanes l. No label has a question mark, nor a plus.
    public const string IsNoCheckLane = "l.requires NOT LIKE '%?%'";
    public const string IsPacedLane = "l.requires LIKE '%+%'";

    // With the role of the copy; of the task itself it is the first's.
    public const string SelectFamily = $"""
        SELECT m.task, m.policy, coalesce(c.role, 0), coalesce(m.module, 0), c.suspect, coalesce(c.asks, 0),
            coalesce(c.answers_min, 0)
        FROM task_modules m
        LEFT JOIN checks c ON c.task = $1
        WHERE m.task = {Parent} AND m.policy IS NOT NULL
        """;
    public const string SelectAnswers = $"""
        SELECT identity, network, is_trusted, sha256, answer_group, at, role, verdict, is_drawn
        FROM answers
        WHERE task = {Parent}
        ORDER BY number
        """;
    public const string SelectAnswerBodies = $"SELECT number, body FROM answer_bodies WHERE task = {Parent}";
    public const string SelectHolder = "SELECT identity, network, is_trusted FROM holders WHERE task = $1";
    public const string SelectOpenCheck = $"""
        SELECT c.task
        FROM checks c
        JOIN tasks t ON t.id = c.task
        WHERE c.parent = {Parent} AND t.state IN {StateSql.Unfinished}
        """;

    public const string SelectOpenCheckRow = $"""
        SELECT {TaskRow.Columns}, c.asks, c.role
        FROM checks c
        JOIN tasks t ON t.id = c.task
        WHERE c.parent = $1 AND t.state IN {StateSql.Unfinished}
        """;

    public const string UpsertHolder = """
        INSERT INTO holders (task, identity, network, is_trusted)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (task) DO UPDATE
        SET identity = excluded.identity, network = excluded.network, is_trusted = excluded.is_trusted
        """;
    public const string InsertAnswer = """
        INSERT INTO answers (task, number, identity, network, is_trusted, sha256, answer_group, at, role, verdict,
            is_counted, shuffle, is_drawn)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;
    public const string InsertAnswerBody = "INSERT INTO answer_bodies (task, number, body) VALUES ($1, $2, $3)";
    public const string UpdateVerdicts = """
        UPDATE answers
        SET verdict = CASE WHEN answer_group = $1 THEN 1 ELSE 2 END
        WHERE task = $2
        """;

    // A check has a payload and a module of its own, as its worker finds those of every task.
    public const string InsertCheck = """
        INSERT INTO checks (task, parent, role, apart, asks, answers_min, suspect)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;
    public const string CopyPayload = """
        INSERT INTO payloads (task, is_json, body)
        SELECT $1, is_json, body
        FROM payloads
        WHERE task = $2
        """;
    public const string CopyCall = """
        INSERT INTO task_modules (task, module, run, files)
        SELECT $1, module, run, files
        FROM task_modules
        WHERE task = $2 AND (module IS NOT NULL OR files IS NOT NULL)
        """;

    public const string DeleteAnswers = "DELETE FROM answers WHERE task = $1";
    public const string DeleteAnswerBodies = "DELETE FROM answer_bodies WHERE task = $1";
    public const string DeleteHolder = "DELETE FROM holders WHERE task = $1";
    public const string DeleteCheck = "DELETE FROM checks WHERE task = $1";
    public const string DeletePolicy = "DELETE FROM task_modules WHERE task = $1";

    // What queues ask for: a few rows.
    public const string SelectQueuePolicies = "SELECT queue, policy FROM queue_policies ORDER BY queue";
    public const string SelectQueuePolicy = "SELECT policy FROM queue_policies WHERE queue = $1";
    public const string DeleteQueuePolicy = "DELETE FROM queue_policies WHERE queue = $1";
    public const string UpsertQueuePolicy = """
        INSERT INTO queue_policies (queue, policy)
        VALUES ($1, $2)
        ON CONFLICT (queue) DO UPDATE SET policy = excluded.policy
        """;

    public const string InsertSecret = "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    public const string SelectSecret = "SELECT value FROM secrets WHERE name = $1";
}
