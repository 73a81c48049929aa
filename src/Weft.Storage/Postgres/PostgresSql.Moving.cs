namespace Weft.Storage.Postgres;

/// <summary>What carries another engine's store over into an empty database, in bulk.</summary>
internal static partial class PostgresSql
{
    // Among the numbers of the database's advisory locks: one move at a time, for as long as its connection lives.
    public const string LockMove = "SELECT pg_try_advisory_lock(x'57656674'::int, 7)";
    public const string SelectMove = "SELECT mark, last_task, last_module, settled, finished_at FROM moves";
    public const string SelectIsMoving = "SELECT EXISTS (SELECT 1 FROM moves WHERE finished_at IS NULL)";
    public const string SelectHoldsData =
        "SELECT EXISTS (SELECT 1 FROM tasks) OR EXISTS (SELECT 1 FROM groups) OR EXISTS (SELECT 1 FROM lanes) OR EXISTS (SELECT 1 FROM tokens) OR " +
        "EXISTS (SELECT 1 FROM modules) OR EXISTS (SELECT 1 FROM idempotency_keys) OR EXISTS (SELECT 1 FROM paused_queues) OR EXISTS (SELECT 1 FROM moves)";
    public const string InsertMove = "INSERT INTO moves (mark, last_task, last_module, settled) VALUES ($1, 0, 0, false)";
    public const string UpdateMovedTask = "UPDATE moves SET last_task = $1";
    public const string UpdateMovedModule = "UPDATE moves SET last_module = $1";
    public const string SettleMove = "UPDATE moves SET settled = true";
    public const string FinishMove = "UPDATE moves SET finished_at = weft_now()";

    public const string CopyTasks =
        "COPY tasks (id, lane, state, priority, attempt, failures, max_attempts, lease_ms, submitted_at, run_at, expires_at, due_at, lease_token, lease_worker, " +
        "lease_from, lease_until, progress, finished_at, group_id, group_finish, type, payload_bytes) FROM STDIN (FORMAT BINARY)";
    public const string CopyPayloads = "COPY payloads (task, is_json, body, key, group_id) FROM STDIN (FORMAT BINARY)";
    public const string CopyResults = "COPY results (task, body) FROM STDIN (FORMAT BINARY)";
    public const string CopyCheckpoints = "COPY checkpoints (task, body) FROM STDIN (FORMAT BINARY)";
    public const string CopyErrors = "COPY errors (task, text) FROM STDIN (FORMAT BINARY)";
    public const string CopyOwners = "COPY task_owners (task, owner) FROM STDIN (FORMAT BINARY)";
    public const string CopyTaskModules = "COPY task_modules (task, module, run) FROM STDIN (FORMAT BINARY)";
    public const string CopyModules = "COPY modules (id, hash, kind, size, name, created_at, touched_at) FROM STDIN (FORMAT BINARY)";
    public const string CopyChunks = "COPY module_chunks (module, number, body) FROM STDIN (FORMAT BINARY)";
    public const string CopyQueueModules = "COPY queue_modules (queue, module, run) FROM STDIN (FORMAT BINARY)";
    public const string CopyLanes = "COPY lanes (id, queue, requires) FROM STDIN (FORMAT BINARY)";
    public const string CopyPausedQueues = "COPY paused_queues (queue) FROM STDIN (FORMAT BINARY)";
    public const string CopyTokens = "COPY tokens (id, hash, scopes, queues, name, created_at, expires_at) FROM STDIN (FORMAT BINARY)";
    public const string CopyGroups = "COPY groups (id, name, created_at, owner) FROM STDIN (FORMAT BINARY)";
    public const string CopyGroupCounts = "COPY group_counts (group_id, shard, scheduled, ready, leased, completed, dead, cancelled) FROM STDIN (FORMAT BINARY)";
    public const string CopyKeys = "COPY idempotency_keys (key, fingerprint, tasks) FROM STDIN (FORMAT BINARY)";

    // Counted from the rows, in shard 0.
    public const string CountMovedTasks =
        "INSERT INTO counts (lane, shard, scheduled, ready, leased, completed, dead, cancelled) SELECT lane, 0, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), " +
        "count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5) FROM tasks GROUP BY lane";

    public const string CountMovedOwners =
        "INSERT INTO owner_counts (owner, shard, tasks, payload_bytes) SELECT o.owner, 0, count(*), sum(t.payload_bytes) FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner";

    // Numbers go on where they were: none is given out twice.
    public const string SetSequences =
        "SELECT setval('task_ids', greatest($1, 1), $1 > 0), setval('group_ids', greatest($2, 1), $2 > 0), setval('group_finishes', greatest($3, 1), $3 > 0), " +
        "setval(pg_get_serial_sequence('lanes', 'id'), greatest($4, 1), $4 > 0), setval(pg_get_serial_sequence('tokens', 'id'), greatest($5, 1), $5 > 0), " +
        "setval(pg_get_serial_sequence('modules', 'id'), greatest((SELECT max(id) FROM modules), 1), EXISTS (SELECT 1 FROM modules))";

    // What has arrived, in the columns of SqliteSql.SelectMoving; of bodies their hashes. By primary keys.
    public const string SelectMoved =
        "SELECT t.id, t.lane, t.state, t.priority, t.attempt, t.failures, t.max_attempts, t.lease_ms, t.submitted_at, t.run_at, t.expires_at, t.due_at, " +
        "t.lease_token, t.lease_worker, t.lease_from, t.lease_until, t.progress, t.finished_at, t.group_id, t.group_finish, t.type, " +
        "p.is_json, sha256(p.body), sha256(r.body), sha256(c.body), e.text, o.owner, m.module, sha256(m.run), p.key " +
        "FROM tasks t JOIN payloads p ON p.task = t.id LEFT JOIN results r ON r.task = t.id LEFT JOIN checkpoints c ON c.task = t.id LEFT JOIN errors e ON e.task = t.id " +
        "LEFT JOIN task_owners o ON o.task = t.id LEFT JOIN task_modules m ON m.task = t.id WHERE t.id > $1 ORDER BY t.id LIMIT $2";
    public const string SelectMovedCounts =
        "SELECT lane, s.state, s.tasks FROM counts, LATERAL (VALUES (0, scheduled), (1, ready), (2, leased), (3, completed), (4, dead), (5, cancelled)) AS s (state, tasks) " +
        "WHERE shard = 0 AND s.tasks <> 0 ORDER BY lane, s.state";
    public const string CountMovedRows =
        "SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM groups), (SELECT count(*) FROM idempotency_keys), (SELECT count(*) FROM tokens), " +
        "(SELECT count(*) FROM modules), (SELECT count(*) FROM queue_modules), (SELECT count(*) FROM paused_queues)";
    public const string CountBrokenModules =
        "SELECT count(*) FROM modules m WHERE m.hash IS DISTINCT FROM (SELECT encode(sha256(string_agg(c.body, ''::bytea ORDER BY c.number)), 'hex') FROM module_chunks c WHERE c.module = m.id)";
}
