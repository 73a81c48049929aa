namespace Weft.Storage.Postgres;

/// <summary>
/// Every statement of the engine, each with the index that serves it. States are numbers of TaskState:
/// 0 scheduled, 1 ready, 2 leased, 3 completed, 4 dead, 5 cancelled. Many rows go in one statement, as arrays.
/// Where they are many they are unnested in a SELECT's list, which makes a row at a time: in FROM each array is first written out by itself.
/// Rows are locked in the order of their ids, so that no two transactions wait for each other.
/// </summary>
internal static partial class PostgresSql
{
    private const string TaskColumns =
        "t.id, t.lane, t.state, t.priority, t.attempt, t.failures, t.max_attempts, t.lease_ms, t.submitted_at, t.run_at, t.expires_at, " +
        "t.lease_token, t.lease_worker, t.lease_from, t.lease_until, t.progress, t.finished_at, t.group_id, t.type, t.payload_bytes";

    public const string Begin = "BEGIN";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";

    // Nothing but a record in the log. A commit waits for its standby only when it has written something; this one then waits for all
    // that was committed before it, too.
    public const string Vouch = "SELECT 1 FROM pg_logical_emit_message(true, 'weft', '')";

    // For a connection of which it isn't known yet what its server is: a standby can't write, and is left alone.
    public const string VouchWherePrimary = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_logical_emit_message(true, 'weft', '') IS NULL END";

    // The time, and whether anybody owns tasks, whose counts must follow.
    public const string SelectNow = "SELECT weft_now(), EXISTS (SELECT 1 FROM owner_counts)";

    // What every transaction must know: the same, whether there are lanes that this process hasn't seen, which queues are paused,
    // and whether a queue has a module.
    public const string SelectStart =
        "SELECT weft_now(), EXISTS (SELECT 1 FROM owner_counts), coalesce((SELECT max(id) FROM lanes), 0), ARRAY(SELECT queue FROM paused_queues), EXISTS (SELECT 1 FROM queue_modules)";

    // Locking what a batch decides about. Tasks by primary key.
    public const string LockTasks = $"SELECT {TaskColumns} FROM tasks t WHERE t.id = ANY($1) ORDER BY t.id FOR UPDATE";

    // The same for tasks that this process has leased out and remembers: how many still have that very lease. A heartbeat elsewhere has
    // moved its end, and may have told of progress.
    public const string LockRemembered =
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS token, unnest($3::bigint[]) AS until) u JOIN tasks t ON t.id = u.id " +
        "WHERE t.lease_token = u.token AND t.lease_until = u.until AND t.state = 2 FOR UPDATE OF t) l";

    // tasks_ready, once for each lane. What another transaction is claiming is passed over.
    public const string LockReady =
        $"SELECT {TaskColumns} FROM unnest($1::int[], $2::int[]) AS l (lane, most) CROSS JOIN LATERAL " +
        "(SELECT * FROM tasks WHERE lane = l.lane AND state = 1 ORDER BY priority DESC, id LIMIT l.most FOR UPDATE SKIP LOCKED) t";

    // tasks_due. Sweeps of several coordinators share the work.
    public const string LockDue = $"SELECT {TaskColumns} FROM tasks t WHERE t.due_at <= weft_now() ORDER BY t.due_at LIMIT $1 FOR UPDATE SKIP LOCKED";

    // tasks_ready and tasks_scheduled. The states are looked at again once the lock is there.
    public const string LockWaitingInQueue =
        $"SELECT {TaskColumns} FROM tasks t WHERE t.state <= 1 AND t.id IN (SELECT id FROM (" +
        "SELECT id FROM tasks WHERE lane = ANY($1) AND state = 1 UNION ALL " +
        "SELECT id FROM tasks WHERE lane = ANY($1) AND state = 0) w LIMIT $2) ORDER BY t.id FOR UPDATE";

    // payloads_group
    public const string LockGroupMembers = $"SELECT {TaskColumns} FROM payloads g JOIN tasks t ON t.id = g.task WHERE g.group_id = $1 AND g.task > $2 ORDER BY g.task LIMIT $3 FOR UPDATE OF t";

    // tasks_finished
    public const string LockFinishedBefore =
        $"SELECT {TaskColumns} FROM tasks t WHERE t.finished_at <= weft_now() - $1 ORDER BY t.finished_at LIMIT $2 FOR UPDATE SKIP LOCKED";

    public const string SelectKeys = "SELECT key, fingerprint, tasks FROM idempotency_keys WHERE key = ANY($1)";
    public const string SelectGroupsThatExist = "SELECT id FROM groups WHERE id = ANY($1)";
    public const string SelectPausedQueues = "SELECT queue FROM paused_queues ORDER BY queue";

    // Storing what a batch decided. A group's finishes are numbered under its lock, which is held until the commit:
    // who reads up to a number has missed none below it.
    public const string LockGroups = "SELECT id FROM groups WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    public const string UpdateTasks =
        "UPDATE tasks t SET state = u.state, attempt = u.attempt, failures = u.failures, run_at = u.run_at, expires_at = u.expires_at, due_at = u.due_at, " +
        "lease_token = u.lease_token, lease_worker = u.lease_worker, lease_from = u.lease_from, lease_until = u.lease_until, progress = u.progress, " +
        "finished_at = u.finished_at, group_finish = CASE WHEN u.finishes THEN nextval('group_finishes') END " +
        "FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::smallint[]) AS state, unnest($3::int[]) AS attempt, unnest($4::int[]) AS failures, unnest($5::bigint[]) AS run_at, " +
        "unnest($6::bigint[]) AS expires_at, unnest($7::bigint[]) AS due_at, unnest($8::bigint[]) AS lease_token, unnest($9::text[]) AS lease_worker, unnest($10::bigint[]) AS lease_from, " +
        "unnest($11::bigint[]) AS lease_until, unnest($12::float8[]) AS progress, unnest($13::bigint[]) AS finished_at, unnest($14::boolean[]) AS finishes) u WHERE t.id = u.id";

    // The commonest: nobody's tasks, without keys and modules.
    public const string InsertTasks = $"{NewTasks}, {InsertNewTasks}, new_payloads AS (INSERT INTO payloads (task, is_json, body, group_id) SELECT id, is_json, body, group_id FROM new) {SelectNewTasks}";

    // A submission's key goes in with the ids of its tasks. A key that somebody else has just used breaks the batch: it is tried again.
    public const string InsertTasksWithKeysAndOwners = $"{NewTasks}, {InsertNewTasks}, {InsertNewOwners}, {InsertNewKeys} {SelectNewTasks}";

    // The rarest: with keys and owners, though there may be none.
    public const string InsertTasksWithModules =
        $"{NewTasksWithModules}, {InsertNewTasks}, {InsertNewOwners}, new_modules AS (INSERT INTO task_modules (task, module, run) SELECT id, module, run FROM new WHERE module IS NOT NULL), {InsertNewKeys} {SelectNewTasks}";

    public const string InsertResults = "INSERT INTO results (task, body) SELECT unnest($1::bigint[]), unnest($2::bytea[])";
    public const string UpsertCheckpoints =
        "INSERT INTO checkpoints (task, body) SELECT unnest($1::bigint[]), unnest($2::bytea[]) ON CONFLICT (task) DO UPDATE SET body = excluded.body";
    public const string UpsertErrors =
        "INSERT INTO errors (task, text) SELECT unnest($1::bigint[]), unnest($2::text[]) ON CONFLICT (task) DO UPDATE SET text = excluded.text";
    public const string AddToCounts = $"INSERT INTO counts AS c (lane, shard, {StateColumns}) {AddedCounts} ON CONFLICT (lane, shard) {AddStates}";
    public const string AddToGroupCounts = $"INSERT INTO group_counts AS c (group_id, shard, {StateColumns}) {AddedGroupCounts} ON CONFLICT (group_id, shard) {AddStates}";
    public const string AddToOwnerCounts =
        "INSERT INTO owner_counts AS c (owner, shard, tasks, payload_bytes) SELECT n.owner, $1, sum(n.tasks)::bigint, sum(n.bytes)::bigint FROM (" +
        "SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS a (owner, tasks, bytes) UNION ALL " +
        "SELECT o.owner, m.change, m.change * t.payload_bytes FROM unnest($5::bigint[], $6::bigint[]) AS m (task, change) JOIN task_owners o ON o.task = m.task JOIN tasks t ON t.id = m.task) n " +
        "GROUP BY n.owner ORDER BY n.owner ON CONFLICT (owner, shard) DO UPDATE SET tasks = c.tasks + excluded.tasks, payload_bytes = c.payload_bytes + excluded.payload_bytes";

    // Who brings an owner's tasks is alone with that owner's counts until the commit, so that no two fill the same room. Far below
    // the bound they needn't be: up to half of it everybody may add a share that all writers there can be might add at once.
    // It is asked twice: the second time knows what was committed while the first waited.
    public const string LockOwners =
        "SELECT CASE WHEN u.tasks <= $4 / 2 / 1024 AND u.bytes <= $5 / 2 / 1024 AND coalesce(s.tasks, 0) <= $4 / 2 AND coalesce(s.bytes, 0) <= $5 / 2 " +
        "THEN pg_advisory_xact_lock_shared(x'57656676'::int, (u.owner % 2147483647)::int) ELSE pg_advisory_xact_lock(x'57656676'::int, (u.owner % 2147483647)::int) END " +
        "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (owner, tasks, bytes) LEFT JOIN LATERAL " +
        "(SELECT sum(tasks) AS tasks, sum(payload_bytes) AS bytes FROM owner_counts WHERE owner = u.owner) s ON true ORDER BY u.owner";
    public const string SelectOwnerCounts = "SELECT owner, sum(tasks)::bigint, sum(payload_bytes)::bigint FROM owner_counts WHERE owner = ANY($1) GROUP BY owner";
    public const string SelectPayloads = "SELECT task, is_json, body FROM payloads WHERE task = ANY($1)";
    public const string SelectCheckpoints = "SELECT task, body FROM checkpoints WHERE task = ANY($1)";
    public const string SelectResults = "SELECT task, body FROM results WHERE task = ANY($1)";
    public const string SelectReadyInQueue =
        "SELECT c.lane, sum(c.ready)::bigint FROM counts c JOIN lanes l ON l.id = c.lane WHERE l.queue = $1 GROUP BY c.lane";
    public const string InsertPausedQueue = "INSERT INTO paused_queues (queue) VALUES ($1) ON CONFLICT DO NOTHING";
    public const string DeletePausedQueue = "DELETE FROM paused_queues WHERE queue = $1";
    public const string InsertGroup = "INSERT INTO groups (id, name, created_at, owner) VALUES (nextval('group_ids'), $1, $2, $3) RETURNING id";

    // Retention, by primary keys. A key goes with the last of its tasks.
    public const string DeleteTasks =
        "WITH a AS (DELETE FROM payloads WHERE task = ANY($1) RETURNING key), b AS (DELETE FROM results WHERE task = ANY($1)), c AS (DELETE FROM checkpoints WHERE task = ANY($1)), " +
        "d AS (DELETE FROM errors WHERE task = ANY($1)), f AS (DELETE FROM task_owners WHERE task = ANY($1)), g AS (DELETE FROM task_modules WHERE task = ANY($1)), e AS (DELETE FROM idempotency_keys k USING (SELECT DISTINCT key FROM a WHERE key IS NOT NULL) n WHERE k.key = n.key " +
        "AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = ANY(k.tasks) AND NOT t.id = ANY($1))) DELETE FROM tasks WHERE id = ANY($1)";

    // Lanes: a handful of rows. New ones are made under a lock, so that their number in a queue stays bounded.
    public const string SelectLanesAfter = "SELECT id, queue, requires FROM lanes WHERE id > $1 ORDER BY id";
    public const string LockLanes = "SELECT pg_advisory_xact_lock(x'57656674'::int, 2)";
    public const string SelectLanesInUse =
        "SELECT lane FROM counts GROUP BY lane HAVING sum(scheduled + ready + leased + completed + dead + cancelled) <> 0";
    public const string InsertLanes = "INSERT INTO lanes (queue, requires) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING";

    // A shard of the counts belongs to one connection for as long as that lives.
    public const string TakeShard =
        "SELECT n FROM generate_series(0, 1023) AS n WHERE pg_try_advisory_lock(x'57656675'::int, n) LIMIT 1";

    // Telling other coordinators. Who listens holds a lock that all of them share. A notification survives no crash: its commit
    // waits neither for the disk nor for a standby, which would only make waiting workers wait longer.
    public const string Notify = "SELECT pg_notify('weft', piece), set_config('synchronous_commit', 'off', true) FROM unnest($1::text[]) AS piece";
    public const string Listen = "LISTEN weft";
    public const string JoinListeners = "SELECT pg_advisory_lock_shared(x'57656674'::int, 4)";
    public const string CountListeners =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = x'57656674'::int::oid AND objid = 4 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    // Which lanes have ready tasks that may be claimed, by tasks_ready.
    public const string SelectReadyLanes =
        "SELECT l.id, (SELECT count(*) FROM (SELECT 1 FROM tasks WHERE lane = l.id AND state = 1 LIMIT $1) r) FROM lanes l WHERE l.queue NOT IN (SELECT queue FROM paused_queues)";

    // tasks_finished
    public const string SelectFinishedSince = "SELECT id FROM tasks WHERE finished_at >= $1 ORDER BY finished_at DESC LIMIT $2";

    // Reads.
    public const string SelectTasks =
        $"SELECT {TaskColumns}, e.text, p.is_json, p.body, r.body, c.body, o.owner FROM unnest($1::bigint[], $2::boolean[], $3::boolean[], $4::boolean[], $5::boolean[]) AS u (id, payload, result, checkpoint, owner) " +
        "JOIN tasks t ON t.id = u.id LEFT JOIN errors e ON e.task = t.id LEFT JOIN payloads p ON u.payload AND p.task = t.id " +
        "LEFT JOIN results r ON u.result AND t.state = 3 AND r.task = t.id LEFT JOIN checkpoints c ON u.checkpoint AND c.task = t.id LEFT JOIN task_owners o ON u.owner AND o.task = t.id";

    // tasks_due: every leased task is in it, and the others in it are few.
    public const string SelectLeased = "SELECT id, state, lease_worker FROM tasks WHERE due_at IS NOT NULL ORDER BY due_at LIMIT $1";

    public const string SelectPageOldestFirst = $"{SelectWithError} WHERE t.id > $1 ORDER BY t.id LIMIT $2";
    public const string SelectPageNewestFirst = $"{SelectWithError} WHERE t.id < $1 ORDER BY t.id DESC LIMIT $2";

    // payloads_group
    public const string SelectGroupPage = $"{SelectMembersWithError} WHERE g.group_id = $3 AND g.task > $1 ORDER BY g.task LIMIT $2";
    public const string SelectGroupPageNewestFirst = $"{SelectMembersWithError} WHERE g.group_id = $3 AND g.task < $1 ORDER BY g.task DESC LIMIT $2";

    // task_owners_owner
    public const string SelectOwnPageOldestFirst = $"{SelectOwnWithError} WHERE o.owner = $3 AND o.task > $1 ORDER BY o.task LIMIT $2";
    public const string SelectOwnPageNewestFirst = $"{SelectOwnWithError} WHERE o.owner = $3 AND o.task < $1 ORDER BY o.task DESC LIMIT $2";

    // Tokens: few, and read as a whole.
    public const string LockTokens = "SELECT pg_advisory_xact_lock(x'57656674'::int, 3)";
    public const string DeleteExpiredTokens = "DELETE FROM tokens WHERE expires_at <= weft_now() AND (SELECT count(*) FROM tokens) > $1";
    public const string CountTokens = "SELECT count(*) FROM tokens";
    public const string InsertToken =
        "INSERT INTO tokens (hash, scopes, queues, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    public const string DeleteToken = "DELETE FROM tokens WHERE id = $1 RETURNING id";
    public const string SelectTokens = "SELECT id, hash, scopes, queues, name, created_at, expires_at FROM tokens ORDER BY id";

    public const string SelectQueueCounts =
        $"SELECT l.queue, {SumOfStates} FROM counts c JOIN lanes l ON l.id = c.lane GROUP BY l.queue HAVING sum(c.scheduled + c.ready + c.leased + c.completed + c.dead + c.cancelled) <> 0";
    public const string SelectGroup =
        $"SELECT g.name, g.created_at, {SumOfStates}, g.owner FROM groups g LEFT JOIN group_counts c ON c.group_id = g.id WHERE g.id = $1 GROUP BY g.id";
    // payloads_group
    public const string SelectResultsAsSubmitted =
        $"SELECT {ResultColumns}, t.id FROM payloads g JOIN tasks t ON t.id = g.task LEFT JOIN errors e ON e.task = t.id LEFT JOIN results r ON r.task = t.id AND t.state = 3 " +
        "WHERE g.group_id = $1 AND g.task > $2 ORDER BY g.task LIMIT $3";

    // tasks_group_finish
    public const string SelectResultsAsFinished =
        $"SELECT {ResultColumns}, t.group_finish FROM tasks t LEFT JOIN errors e ON e.task = t.id LEFT JOIN results r ON r.task = t.id AND t.state = 3 " +
        "WHERE t.group_id = $1 AND t.group_finish > $2 ORDER BY t.group_finish LIMIT $3";

    // What a line of a group's results tells; its cursor comes behind.
    private const string ResultColumns = "t.id, t.state, t.finished_at, e.text, r.body";

    private const string SelectWithError = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id";
    private const string SelectMembersWithError =
        $"SELECT {TaskColumns}, e.text FROM payloads g JOIN tasks t ON t.id = g.task LEFT JOIN errors e ON e.task = t.id";
    private const string SelectOwnWithError =
        $"SELECT {TaskColumns}, e.text FROM task_owners o JOIN tasks t ON t.id = o.task LEFT JOIN errors e ON e.task = t.id";
    private const string StateColumns = "scheduled, ready, leased, completed, dead, cancelled";

    private const string SumOfStates =
        "coalesce(sum(c.scheduled), 0)::bigint, coalesce(sum(c.ready), 0)::bigint, coalesce(sum(c.leased), 0)::bigint, " +
        "coalesce(sum(c.completed), 0)::bigint, coalesce(sum(c.dead), 0)::bigint, coalesce(sum(c.cancelled), 0)::bigint";

    private const string AddStates =
        "DO UPDATE SET scheduled = c.scheduled + excluded.scheduled, ready = c.ready + excluded.ready, leased = c.leased + excluded.leased, " +
        "completed = c.completed + excluded.completed, dead = c.dead + excluded.dead, cancelled = c.cancelled + excluded.cancelled";

    private const string AddedCounts =
        "SELECT u.id, $1, u.a, u.b, u.c, u.d, u.e, u.f FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) AS u (id, a, b, c, d, e, f) ORDER BY u.id";

    private const string AddedGroupCounts =
        "SELECT u.id, $1, u.a, u.b, u.c, u.d, u.e, u.f FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) AS u (id, a, b, c, d, e, f) ORDER BY u.id";

    // Numbered in the order in which they were brought.
    private const string NewTasks = $"{NewTasksStart}) u)";
    private const string NewTasksWithModules = $"{NewTasksStart}, unnest($18::bigint[]) AS module, unnest($19::bytea[]) AS run) u)";

    private const string NewTasksStart =
        "WITH new AS MATERIALIZED (SELECT nextval('task_ids') AS id, u.* FROM (SELECT unnest($1::int[]) AS lane, unnest($2::smallint[]) AS state, unnest($3::smallint[]) AS priority, " +
        "unnest($4::int[]) AS max_attempts, unnest($5::int[]) AS lease_ms, unnest($6::bigint[]) AS submitted_at, unnest($7::bigint[]) AS run_at, unnest($8::bigint[]) AS expires_at, " +
        "unnest($9::bigint[]) AS due_at, unnest($10::bigint[]) AS group_id, unnest($11::text[]) AS type, unnest($12::boolean[]) AS is_json, unnest($13::bytea[]) AS body, " +
        "unnest($14::bigint[]) AS owner, unnest($15::bigint[]) AS submission";

    private const string InsertNewKeys =
        "new_payloads AS (INSERT INTO payloads (task, is_json, body, group_id, key) SELECT id, is_json, body, group_id, ($16::text[])[submission] FROM new), keys AS (INSERT INTO idempotency_keys (key, fingerprint, tasks) " +
        "SELECT ($16::text[])[submission], ($17::bytea[])[submission], array_agg(id ORDER BY id) FROM new WHERE submission IS NOT NULL GROUP BY submission ORDER BY 1)";

    private const string SelectNewTasks = "SELECT id FROM new ORDER BY id";

    private const string InsertNewTasks =
        "new_tasks AS (INSERT INTO tasks (id, lane, state, priority, max_attempts, lease_ms, submitted_at, run_at, expires_at, due_at, group_id, type, payload_bytes) " +
        "SELECT id, lane, state, priority, max_attempts, lease_ms, submitted_at, run_at, expires_at, due_at, group_id, type, length(body) FROM new)";

    private const string InsertNewOwners = "new_owners AS (INSERT INTO task_owners (task, owner) SELECT id, owner FROM new WHERE owner IS NOT NULL)";
}
