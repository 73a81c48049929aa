namespace Weft.Storage.Sqlite;

/// <summary>
/// Every statement of the engine, each with the index that serves it. States are numbers of TaskState:
/// 0 scheduled, 1 ready, 2 leased, 3 completed, 4 dead, 5 cancelled. Parameters are bound in order.
/// </summary>
internal static partial class SqliteSql
{
    private const string TaskColumns =
        "t.id, t.lane, t.state, t.priority, t.attempt, t.failures, t.max_attempts, t.lease_ms, t.submitted_at, t.run_at, t.expires_at, " +
        "t.lease_token, t.lease_worker, t.lease_from, t.lease_until, t.progress, t.finished_at, t.group_id, t.type";

    private const string LeaseChange = "attempt = ?, lease_token = ?, lease_worker = ?, lease_from = ?, lease_until = ?, progress = ?";
    private const string EndChange = "finished_at = ?, group_finish = ?";

    // What a line of a group's results tells; its cursor comes behind.
    private const string ResultColumns = "t.id, t.state, t.finished_at, e.text, r.body";

    // Transactions. IMMEDIATE: the writer never has to upgrade a read, which could fail half-way.
    public const string Begin = "BEGIN IMMEDIATE";
    public const string BeginRead = "BEGIN";
    public const string Commit = "COMMIT";

    // Tasks, by primary key.
    public const string InsertTask =
        "INSERT INTO tasks (id, lane, state, priority, max_attempts, lease_ms, submitted_at, run_at, expires_at, due_at, group_id, type) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    public const string UpdateTask = $"UPDATE tasks SET state = ?, due_at = ?, {LeaseChange}, {EndChange}, failures = ?, run_at = ?, expires_at = ? WHERE id = ?";
    public const string UpdateLease = $"UPDATE tasks SET state = ?, due_at = ?, {LeaseChange} WHERE id = ?";
    public const string UpdateEnd = $"UPDATE tasks SET state = ?, due_at = ?, {EndChange} WHERE id = ?";
    public const string SelectTask = $"SELECT {TaskColumns} FROM tasks t WHERE t.id = ?";
    public const string SelectTaskWithError = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id WHERE t.id = ?";
    public const string InsertPayload = "INSERT INTO payloads (task, is_json, body) VALUES (?, ?, ?)";
    public const string SelectPayload = "SELECT is_json, body FROM payloads WHERE task = ?";
    public const string InsertResult = "INSERT INTO results (task, body) VALUES (?, ?)";
    public const string SelectResult = "SELECT body FROM results WHERE task = ?";
    public const string UpsertCheckpoint = "INSERT INTO checkpoints (task, body) VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET body = excluded.body";
    public const string SelectCheckpoint = "SELECT body FROM checkpoints WHERE task = ?";
    public const string DeleteCheckpoint = "DELETE FROM checkpoints WHERE task = ?";
    public const string SelectError = "SELECT text FROM errors WHERE task = ?";
    public const string SelectHasErrors = "SELECT EXISTS (SELECT 1 FROM errors)";
    public const string UpsertError = "INSERT INTO errors (task, text) VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET text = excluded.text";

    // Owners, by primary key; a list of one's own by task_owners_owner.
    public const string InsertOwner = "INSERT INTO task_owners (task, owner, payload_bytes) VALUES (?, ?, ?)";
    public const string SelectOwner = "SELECT owner FROM task_owners WHERE task = ?";
    public const string SelectHasOwners = "SELECT EXISTS (SELECT 1 FROM task_owners)";
    public const string SelectOwned = "SELECT owner, payload_bytes FROM task_owners WHERE task = ?";
    public const string SelectOwnerCount = "SELECT tasks, payload_bytes FROM owner_counts WHERE owner = ?";
    public const string AddToOwnerCount =
        "INSERT INTO owner_counts (owner, tasks, payload_bytes) VALUES (?, ?, ?) " +
        "ON CONFLICT (owner) DO UPDATE SET tasks = tasks + excluded.tasks, payload_bytes = payload_bytes + excluded.payload_bytes";
    public const string DeleteIdleOwner = "DELETE FROM owner_counts WHERE owner = ? AND tasks = 0";
    public const string SelectOwnPageOldestFirst =
        $"SELECT {TaskColumns}, e.text FROM task_owners o JOIN tasks t ON t.id = o.task LEFT JOIN errors e ON e.task = t.id WHERE o.owner = ? AND o.task > ? ORDER BY o.task LIMIT ?";
    public const string SelectOwnPageNewestFirst =
        $"SELECT {TaskColumns}, e.text FROM task_owners o JOIN tasks t ON t.id = o.task LEFT JOIN errors e ON e.task = t.id WHERE o.owner = ? AND o.task < ? ORDER BY o.task DESC LIMIT ?";

    // tasks_ready, which the first needs alone
    public const string SelectReadyIds = "SELECT id FROM tasks WHERE lane = ? AND state = 1 ORDER BY priority DESC, id LIMIT ?";
    public const string SelectReady = $"SELECT {TaskColumns} FROM tasks t WHERE t.lane = ? AND t.state = 1 ORDER BY t.priority DESC, t.id LIMIT ?";

    // tasks_due
    public const string SelectDue = $"SELECT {TaskColumns} FROM tasks t WHERE t.due_at <= ? ORDER BY t.due_at LIMIT ?";

    // tasks_due: every leased task is in it, and the others in it are few. An index of leased tasks alone would cost each claim more.
    public const string SelectLeased = "SELECT id, state, lease_worker FROM tasks WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ?";

    // tasks_finished
    public const string SelectFinishedBefore = "SELECT id, lane, state, group_id FROM tasks WHERE finished_at <= ? ORDER BY finished_at LIMIT ?";

    // tasks_scheduled
    public const string SelectScheduled = $"SELECT {TaskColumns} FROM tasks t WHERE t.lane = ? AND t.state = 0 ORDER BY t.id LIMIT ?";

    // tasks_group
    public const string SelectGroupMembers = $"SELECT {TaskColumns} FROM tasks t WHERE t.group_id = ? AND t.id > ? ORDER BY t.id LIMIT ?";

    // Retention, by primary key and idempotency_keys_task.
    public const string DeleteTask = "DELETE FROM tasks WHERE id = ?";
    public const string DeletePayload = "DELETE FROM payloads WHERE task = ?";
    public const string DeleteResult = "DELETE FROM results WHERE task = ?";
    public const string DeleteError = "DELETE FROM errors WHERE task = ?";
    public const string DeleteOwner = "DELETE FROM task_owners WHERE task = ?";

    // The key of the submission that a task came with, if there was one: its tasks have consecutive ids from first_task on.
    // It goes with the last of them; if this task came without a key, it finds another's, which has tasks still.
    public const string DeleteKey =
        "DELETE FROM idempotency_keys AS k WHERE k.first_task = (SELECT max(first_task) FROM idempotency_keys WHERE first_task <= ?) " +
        "AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id >= k.first_task AND t.id < k.first_task + k.tasks)";

    // Listing, by primary key.
    public const string SelectPageOldestFirst = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id WHERE t.id > ? ORDER BY t.id LIMIT ?";
    public const string SelectPageNewestFirst = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id WHERE t.id < ? ORDER BY t.id DESC LIMIT ?";

    // Lanes, counts and numbers: small tables that the writer reads once.
    public const string SelectLanes = "SELECT id, queue, requires FROM lanes";
    public const string SelectLane = "SELECT queue, requires FROM lanes WHERE id = ?";
    public const string DeleteLane = "DELETE FROM lanes WHERE id = ?";
    public const string DeleteCounts = "DELETE FROM counts WHERE lane = ?";
    public const string InsertLane = "INSERT INTO lanes (id, queue, requires) VALUES (?, ?, ?)";
    public const string SelectCounts = "SELECT lane, state, tasks FROM counts";
    public const string SelectQueueCounts = "SELECT l.queue, c.state, sum(c.tasks) FROM counts c JOIN lanes l ON l.id = c.lane GROUP BY l.queue, c.state ORDER BY l.queue";
    public const string AddToCount = "INSERT INTO counts (lane, state, tasks) VALUES (?, ?, ?) ON CONFLICT (lane, state) DO UPDATE SET tasks = tasks + excluded.tasks";
    public const string SelectSequences = "SELECT name, last FROM sequences";
    public const string UpsertSequence = "INSERT INTO sequences (name, last) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last";
    public const string SelectPausedQueues = "SELECT queue FROM paused_queues ORDER BY queue";
    public const string InsertPausedQueue = "INSERT OR IGNORE INTO paused_queues (queue) VALUES (?)";
    public const string DeletePausedQueue = "DELETE FROM paused_queues WHERE queue = ?";

    // Idempotency keys, by primary key.
    public const string SelectKey = "SELECT fingerprint, first_task, tasks FROM idempotency_keys WHERE key = ?";
    public const string InsertKey = "INSERT INTO idempotency_keys (key, fingerprint, first_task, tasks) VALUES (?, ?, ?, ?)";

    // Tokens, by primary key: few, and read as a whole.
    public const string InsertToken = "INSERT INTO tokens (hash, scopes, queues, name, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
    public const string DeleteToken = "DELETE FROM tokens WHERE id = ? RETURNING id";
    public const string DeleteExpiredTokens = "DELETE FROM tokens WHERE expires_at <= ?";
    public const string CountTokens = "SELECT count(*) FROM tokens";
    public const string SelectTokens = "SELECT id, hash, scopes, queues, name, created_at, expires_at FROM tokens ORDER BY id";

    // Groups, by primary key; their tasks by tasks_group and tasks_group_finish.
    public const string InsertGroup = "INSERT INTO groups (id, name, created_at, owner) VALUES (?, ?, ?, ?)";
    public const string SelectGroupExists = "SELECT 1 FROM groups WHERE id = ?";
    public const string SelectGroup = "SELECT name, created_at, scheduled, ready, leased, completed, dead, cancelled, owner FROM groups WHERE id = ?";
    public const string AddToGroup =
        "UPDATE groups SET scheduled = scheduled + ?, ready = ready + ?, leased = leased + ?, completed = completed + ?, " +
        "dead = dead + ?, cancelled = cancelled + ? WHERE id = ?";
    public const string SelectGroupPage = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id WHERE t.group_id = ? AND t.id > ? ORDER BY t.id LIMIT ?";
    public const string SelectGroupPageNewestFirst = $"SELECT {TaskColumns}, e.text FROM tasks t LEFT JOIN errors e ON e.task = t.id WHERE t.group_id = ? AND t.id < ? ORDER BY t.id DESC LIMIT ?";
    public const string SelectResultsAsSubmitted =
        $"SELECT {ResultColumns}, t.id FROM tasks t LEFT JOIN errors e ON e.task = t.id LEFT JOIN results r ON r.task = t.id " +
        "WHERE t.group_id = ? AND t.id > ? ORDER BY t.id LIMIT ?";
    public const string SelectResultsAsFinished =
        $"SELECT {ResultColumns}, t.group_finish FROM tasks t LEFT JOIN errors e ON e.task = t.id LEFT JOIN results r ON r.task = t.id " +
        "WHERE t.group_id = ? AND t.group_finish > ? ORDER BY t.group_finish LIMIT ?";
}
