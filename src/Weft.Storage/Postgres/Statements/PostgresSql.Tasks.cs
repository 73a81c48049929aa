using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>Rows of tasks and all their data, many at a time.</summary>
internal sealed partial class PostgresSql
{
    // Locking the rows of a batch. Tasks by primary key.
    public override string LockTasks => $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.id = ANY($1)
        ORDER BY t.id
        FOR UPDATE
        """;

    // The same for tasks that this process has leased out and cached: how many still have that very lease. A heartbeat
    // elsewhere has moved its end, and may have reported progress.
    public override string LockRemembered => $"""
        SELECT count(*)
        FROM (
            SELECT 1
            FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS token, unnest($3::bigint[]) AS until) u
            JOIN tasks t ON t.id = u.id
            WHERE t.lease_token = u.token AND t.lease_until = u.until AND t.state = {StateSql.Leased}
            FOR UPDATE OF t
        ) l
        """;

    public override string SelectKeys => "SELECT key, fingerprint, tasks FROM idempotency_keys WHERE key = ANY($1)";

    public override string UpdatePriorities => """
        UPDATE tasks t
        SET priority = u.priority
        FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::smallint[]) AS priority) u
        WHERE t.id = u.id
        """;
    public override string UpdateTasks => """
        UPDATE tasks t
        SET state = u.state, attempt = u.attempt, failures = u.failures, run_at = u.run_at, expires_at = u.expires_at,
            due_at = u.due_at, lease_token = u.lease_token, lease_worker = u.lease_worker, lease_from = u.lease_from,
            lease_until = u.lease_until, progress = u.progress, finished_at = u.finished_at,
            group_finish = CASE WHEN u.finishes THEN nextval('group_finishes') END,
            ready_at = coalesce(u.ready_at, t.ready_at)
        FROM (
            SELECT unnest($1::bigint[]) AS id,
                unnest($2::smallint[]) AS state,
                unnest($3::int[]) AS attempt,
                unnest($4::int[]) AS failures,
                unnest($5::bigint[]) AS run_at,
                unnest($6::bigint[]) AS expires_at,
                unnest($7::bigint[]) AS due_at,
                unnest($8::bigint[]) AS lease_token,
                unnest($9::text[]) AS lease_worker,
                unnest($10::bigint[]) AS lease_from,
                unnest($11::bigint[]) AS lease_until,
                unnest($12::float8[]) AS progress,
                unnest($13::bigint[]) AS finished_at,
                unnest($14::boolean[]) AS finishes,
                unnest($15::bigint[] /* where that changes */) AS ready_at) u
        WHERE t.id = u.id
        """;

    // The most common case: tasks without owners, keys and modules.
    public override string InsertTasks { get; } = $"""
        {NewTasks(others: 4)},
        new_payloads AS (
            INSERT INTO payloads (task, is_json, body, group_id) SELECT id, is_json, body, group_id FROM new)
        {SelectNewTasks}
        """;

    // The rarest case: with keys and owners, though there may be none.
    public override string InsertTasksWithModules { get; } = $"""
        {NewTasks(others: 10, NewModules)},
        {InsertNewOwnersWithRuns},
        new_modules AS (
            INSERT INTO task_modules (task, module, run, files, policy)
            SELECT id, module, run, files, policy
            FROM new
            WHERE module IS NOT NULL OR files IS NOT NULL OR policy IS NOT NULL),
        {InsertNewKeys}
        {SelectNewTasks}
        """;

    public override string InsertResults => """
        INSERT INTO results (task, body)
        SELECT unnest($1::bigint[]), unnest($2::bytea[])
        """;
    public override string UpsertCheckpoints => """
        INSERT INTO checkpoints (task, body)
        SELECT unnest($1::bigint[]), unnest($2::bytea[])
        ON CONFLICT (task) DO UPDATE SET body = excluded.body
        """;
    public override string UpsertErrors => """
        INSERT INTO errors (task, text)
        SELECT unnest($1::bigint[]), unnest($2::text[])
        ON CONFLICT (task) DO UPDATE SET text = excluded.text
        """;

    // By primary key.
    public override string UpsertAttempts => """
        INSERT INTO attempts (task, attempt, worker, claimed_at, ended_at, outcome, error)
        SELECT unnest($1::bigint[]), unnest($2::int[]), unnest($3::text[]), unnest($4::bigint[]), unnest($5::bigint[]),
            unnest($6::smallint[]), unnest($7::text[])
        ON CONFLICT (task, attempt) DO UPDATE
        SET ended_at = excluded.ended_at, outcome = excluded.outcome, error = excluded.error
        """;
    public override string DeleteAttempts => """
        DELETE FROM attempts a
        USING (SELECT unnest($1::bigint[]) AS task, unnest($2::int[]) AS first, unnest($3::int[]) AS last) d
        WHERE a.task = d.task AND a.attempt BETWEEN d.first AND d.last
        """;

    public override string SelectPayloads => "SELECT task, is_json, body FROM payloads WHERE task = ANY($1)";
    public override string SelectCheckpoints => "SELECT task, body FROM checkpoints WHERE task = ANY($1)";
    public override string SelectResults => "SELECT task, body FROM results WHERE task = ANY($1)";

    // Retention, by primary keys. A key is deleted with the last of its tasks.
    public override string DeleteTasks => """
        WITH payload AS (DELETE FROM payloads WHERE task = ANY($1 /* ids */) RETURNING key),
        result AS (DELETE FROM results WHERE task = ANY($1)),
        checkpoint AS (DELETE FROM checkpoints WHERE task = ANY($1)),
        error AS (DELETE FROM errors WHERE task = ANY($1)),
        attempt AS (DELETE FROM attempts WHERE task = ANY($1)),
        owner AS (DELETE FROM task_owners WHERE task = ANY($1)),
        module AS (DELETE FROM task_modules WHERE task = ANY($1)),
        key AS (
            DELETE FROM idempotency_keys k
            USING (SELECT DISTINCT key FROM payload WHERE key IS NOT NULL) d
            WHERE k.key = d.key
                AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = ANY(k.tasks) AND NOT t.id = ANY($1)))
        DELETE FROM tasks WHERE id = ANY($1)
        """;

    private const string InsertNewKeys = """
        new_payloads AS (
            INSERT INTO payloads (task, is_json, body, group_id, key)
            SELECT id, is_json, body, group_id, ($5::text[] /* keys */)[submission] FROM new),
        keys AS (
            INSERT INTO idempotency_keys (key, fingerprint, tasks)
            SELECT ($5::text[])[submission], ($6::bytea[] /* fingerprints */)[submission], array_agg(id ORDER BY id)
            FROM new
            WHERE submission IS NOT NULL
            GROUP BY submission
            ORDER BY 1)
        """;

    private const string SelectNewTasks = "SELECT id FROM new ORDER BY id";

    private const string NewModules = """
        unnest($7::bigint[]) AS module, unnest($8::bytea[]) AS run, unnest($9::bigint[]) AS files,
                    unnest($10::text[]) AS policy,
        """;

    // Numbered in the order of submission. The columns of tasks follow all other parameters.
    private static string NewTasks(int others, string more = "") => $"""
        WITH new AS MATERIALIZED (
            SELECT nextval('task_ids') AS id, u.* FROM (
                SELECT unnest($1::boolean[]) AS is_json, unnest($2::bytea[]) AS body, unnest($3::bigint[]) AS owner,
                    unnest($4::bigint[]) AS submission,
                    {more}
                    {TaskRow.EachNew((name, type, place) => $"unnest(${others + place}::{type}[]) AS {name}")}) u),
        new_tasks AS (
            INSERT INTO tasks (id, {TaskRow.NewColumns}, payload_bytes)
            SELECT id, {TaskRow.NewColumns}, length(body)
            FROM new)
        """;
}
