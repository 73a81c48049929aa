using Weft.Core;

namespace Weft.Storage.Statements;

/// <summary>
/// What is known of workers in queues, by primary keys; audits and corrections, by answers_support, standings_audited,
/// standings_seen and corrections_group.
/// </summary>
internal static partial class StoreSql
{
    public const string StandingColumns =
        "s.identity, s.queue, s.network, s.is_trusted, s.answers, s.checks, s.faults, s.is_barred, s.given, "
        + "s.audits_left, s.seen_at, s.open_answers, s.drawn_answers";

    // What was read of answers and given before they changed is $12 and $13: an answer may be withdrawn meanwhile.
    public const string UpsertStanding = """
        INSERT INTO standings (identity, queue, network, is_trusted, answers, checks, faults, is_barred, given,
            dropped, audits_left, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)
        ON CONFLICT (identity, queue) DO UPDATE
        SET network = excluded.network, is_trusted = excluded.is_trusted,
            answers = standings.answers + excluded.answers - $12, checks = excluded.checks,
            faults = excluded.faults, is_barred = excluded.is_barred,
            given = standings.given + excluded.given - $13, audits_left = excluded.audits_left,
            seen_at = excluded.seen_at
        """;

    // Before the answers to task $1 go, of queue $2.
    public const string DropAnswer = """
        UPDATE standings
        SET dropped = dropped + 1
        WHERE identity = (SELECT a.identity FROM answers a WHERE a.task = $1 AND a.is_counted = 1) AND queue = $2
        """;

    // The first answer to task $1, of queue $2, waits for its check.
    public const string OpenAnswer = $"""
        UPDATE standings
        SET open_answers = open_answers + 1, drawn_answers = drawn_answers + {IsDrawn}
        {OfAnswerer}
        """;

    // It is decided on.
    public const string CloseAnswer = $"""
        UPDATE standings
        SET open_answers = open_answers - 1, drawn_answers = drawn_answers - {IsDrawn}
        {OfAnswerer}
        """;

    // Or nobody waits for it any more, and nobody has found it right: then it says nothing for its worker.
    public const string WithdrawAnswer = $"""
        UPDATE standings
        SET open_answers = open_answers - 1, drawn_answers = drawn_answers - {IsDrawn}, given = given - 1,
            answers = CASE WHEN answers > 0 THEN answers - 1 ELSE 0 END
        {OfAnswerer}
        """;
    public const string UncountAnswers = "UPDATE answers SET is_counted = 0 WHERE task = $1 AND is_counted = 1";

    private const string IsDrawn = "(SELECT a.is_drawn FROM answers a WHERE a.task = $1 AND a.is_counted = 1)";
    private const string OfAnswerer =
        "WHERE identity = (SELECT a.identity FROM answers a WHERE a.task = $1 AND a.is_counted = 1) AND queue = $2";

    public static readonly string SelectSeenWorkers = $"""
        SELECT identity, network, answers - open_answers, is_trusted, given, faults
        FROM standings
        WHERE queue = $1 AND seen_at >= $2 AND is_barred = 0
        ORDER BY seen_at DESC
        LIMIT {Limits.VerifyWorkersMax}
        """;

    public const string SelectStandingsOfQueue = $"""
        SELECT {StandingColumns}
        FROM standings s
        WHERE s.queue = $1
        ORDER BY s.seen_at DESC, s.identity
        LIMIT $2
        """;

    public static readonly string SelectBarred = $"""
        SELECT identity, queue, seen_at
        FROM standings
        WHERE is_barred = 1
        ORDER BY seen_at DESC
        LIMIT {Limits.VerifyBarredMax}
        """;

    // The newest answers by primary key; of a task whose first ones are not among them, nothing is said.
    public static readonly string SelectVerifiedSample = SampleOf($"""
        (SELECT * FROM answers ORDER BY task DESC, number DESC LIMIT {Limits.VerifySampleAnswers}) a
            JOIN tasks t ON t.id = a.task
            JOIN lanes l ON l.id = t.lane AND l.queue = $1
        """);

    // tasks_group_finish, then primary keys.
    public static readonly string SelectVerifiedSampleOfGroup = SampleOf($"""
        (
                SELECT id, state
                FROM tasks
                WHERE group_id = $1 AND group_finish IS NOT NULL
                ORDER BY group_finish DESC
                LIMIT {Limits.VerifySampleResults}
            ) t
            JOIN answers a ON a.task = t.id
        """);

    // What comes after a task's first audit says nothing of what its result rested on when it was told.
    private static string SampleOf(string answers) => $"""
        WITH given AS (
            SELECT a.task, a.number, a.answer_group, m.risk,
                min(CASE WHEN a.role = 3 THEN a.number END) OVER (PARTITION BY a.task) AS audited_from
            FROM {answers}
            JOIN task_modules m ON m.task = a.task
            WHERE t.state = 3
        ), results AS (
            SELECT task, count(*) AS answers, max(risk) AS risk,
                count(CASE WHEN number < coalesce(audited_from, number + 1) THEN 1 END) AS copies,
                count(DISTINCT CASE WHEN number < coalesce(audited_from, number + 1) THEN answer_group END) AS kinds,
                count(audited_from) AS audits
            FROM given
            GROUP BY task
            HAVING min(number) = 0
        )
        SELECT (SELECT m.policy FROM task_modules m WHERE m.task = (SELECT max(task) FROM results)),
            count(*), coalesce(CAST(sum(answers) AS bigint), 0),
            count(CASE WHEN copies > 1 THEN 1 END), count(CASE WHEN kinds > 1 THEN 1 END),
            count(CASE WHEN audits > 0 THEN 1 END),
            count(CASE WHEN audits > 0 AND EXISTS (SELECT 1 FROM corrections c WHERE c.task = r.task) THEN 1 END),
            CAST(avg(risk) AS bigint)
        FROM results r
        """;

    // Of the task of which $1 is a copy.
    public const string SelectModuleChecks = $"""
        SELECT r.queue, r.module, r.high, r.low, r.checks
        FROM task_modules m
        JOIN tasks t ON t.id = m.task
        JOIN lanes l ON l.id = t.lane
        JOIN module_checks r ON r.queue = l.queue AND r.module = coalesce(m.module, 0)
        WHERE m.task = {Parent}
        """;

    public const string UpsertModuleChecks = """
        INSERT INTO module_checks (queue, module, high, low, checks)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (queue, module) DO UPDATE
        SET high = excluded.high, low = excluded.low, checks = excluded.checks
        """;

    // How many answers the result of task $1 rests on, and its risk.
    public const string SelectProof = """
        SELECT (SELECT count(*) FROM answers a WHERE a.task = m.task AND a.verdict = 1), m.risk
        FROM task_modules m
        WHERE m.task = $1 AND m.risk IS NOT NULL
        """;
    public const string SelectReceipt = """
        SELECT x.hash, p.body, m.risk, (SELECT count(*) FROM corrections c WHERE c.task = p.task)
        FROM payloads p
        LEFT JOIN task_modules m ON m.task = p.task
        LEFT JOIN modules x ON x.id = m.module
        WHERE p.task = $1
        """;
    public const string SelectSupporters = """
        SELECT identity, network, is_trusted, role
        FROM answers
        WHERE task = $1 AND verdict = 1
        ORDER BY number
        """;

    public const string UpdateRisk = "UPDATE task_modules SET risk = $1 WHERE task = $2";

    // Who failed checks of a task.
    public const string UpsertMiss = """
        INSERT INTO check_misses (task, identity, network, misses, at)
        VALUES ($1, $2, $3, 1, $4)
        ON CONFLICT (task, identity) DO UPDATE
        SET network = excluded.network, misses = check_misses.misses + 1, at = excluded.at
        """;
    public const string SelectMisses = $"SELECT identity, network, misses FROM check_misses WHERE task = {Parent}";
    public const string DeleteMisses = "DELETE FROM check_misses WHERE task = $1";

    // Audits: whose answers, which of them, and how many are under way. Those that may still prove a lie go before
    // those of the proven, who are barred: all that these have answered would hold up the others for long.
    public static readonly string SelectSuspects = $"""
        SELECT identity, queue, audits_left
        FROM standings
        WHERE audits_left > 0
        ORDER BY audits_left, queue, identity
        LIMIT {Limits.VerifySuspectsMax}
        """;
    public static readonly string SelectSupported = $"""
        SELECT a.task
        FROM answers a
        JOIN tasks t ON t.id = a.task
        JOIN lanes l ON l.id = t.lane
        WHERE a.identity = $1 AND a.verdict = 1 AND a.shuffle IS NOT NULL AND l.queue = $2 AND t.state = 3
            AND NOT EXISTS (
                SELECT 1
                FROM checks k
                JOIN tasks c ON c.id = k.task
                WHERE k.parent = a.task AND c.state IN {Engine.StateSql.Unfinished})
        ORDER BY a.shuffle
        LIMIT {Limits.VerifySuspectsMax}
        """;
    public const string CountAudits = $"""
        SELECT count(*), count(CASE WHEN k.suspect = $1 THEN 1 END)
        FROM checks k
        JOIN tasks c ON c.id = k.task
        JOIN lanes l ON l.id = c.lane
        WHERE k.suspect IS NOT NULL AND c.state IN {Engine.StateSql.Unfinished} AND l.queue = $2
        """;
    public const string EndAudits =
        "UPDATE standings SET audits_left = 0 WHERE identity = $1 AND queue = $2 AND audits_left = $3";
    public const string EndSupport = "UPDATE answers SET shuffle = NULL WHERE task = $1 AND identity = $2";
    public const string EndAllSupport = "UPDATE answers SET shuffle = NULL WHERE task = $1";

    // What was told, where hashes alone don't tell what is equal.
    public const string CopyTold = """
        INSERT INTO answer_bodies (task, number, body)
        SELECT $1, $2, body
        FROM results
        WHERE task = $1
        ON CONFLICT DO NOTHING
        """;

    public const string SelectCorrections = """
        SELECT number, task, told, body, error, at
        FROM corrections
        WHERE group_id = $1 AND number > $2
        ORDER BY number
        LIMIT $3
        """;
    public const string SelectCorrectionsOfTask = """
        SELECT number, task, told, body, error, at
        FROM corrections
        WHERE task = $1
        ORDER BY number
        """;
    public const string DeleteCorrections = "DELETE FROM corrections WHERE task = $1";
}
