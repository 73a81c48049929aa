namespace Weft.Storage.Postgres;

internal static partial class PostgresSql
{
    private const string ModuleColumns =
        "m.hash, m.kind, m.size, m.name, m.created_at, " +
        "EXISTS (SELECT 1 FROM task_modules t WHERE t.module = m.id) OR EXISTS (SELECT 1 FROM queue_modules q WHERE q.module = m.id)";

    // Whoever stores tasks that name a module shares this lock, whoever changes modules has it alone: a module that is named stays.
    // Before any row is locked, so that nobody waits in a circle.
    public const string ShareModules = "SELECT pg_advisory_xact_lock_shared(x'57656674'::int, 5)";
    public const string LockModules = "SELECT pg_advisory_xact_lock(x'57656674'::int, 5)";

    // What new tasks run: by the modules' hashes, and by the queues' primary key.
    public const string SelectModuleKeys = "SELECT hash, id, kind FROM modules WHERE hash = ANY($1)";
    public const string SelectModulesOfQueues =
        "SELECT q.queue, m.hash, m.id, m.kind, q.run FROM queue_modules q JOIN modules m ON m.id = q.module WHERE q.queue = ANY($1)";

    // Taking one in, by primary key. What nobody has touched for long was given up.
    public const string DeleteAbandoned =
        "WITH gone AS (DELETE FROM modules WHERE hash IS NULL AND touched_at <= weft_now() - $1 RETURNING id) " +
        "DELETE FROM module_chunks c USING gone WHERE c.module = gone.id";
    public const string InsertUpload = "INSERT INTO modules (kind, name, created_at, touched_at) VALUES ($1, $2, weft_now(), weft_now()) RETURNING id";
    public const string InsertChunk =
        "WITH upload AS (UPDATE modules SET touched_at = weft_now() WHERE id = $1 AND hash IS NULL RETURNING id) " +
        "INSERT INTO module_chunks (module, number, body) SELECT id, $2, $3 FROM upload RETURNING module";
    public const string SealUpload =
        "UPDATE modules SET hash = $2, size = $3 WHERE id = $1 AND hash IS NULL AND NOT EXISTS (SELECT 1 FROM modules WHERE hash = $2) " +
        "AND (SELECT count(*) FROM modules WHERE hash IS NOT NULL) < $4 RETURNING id";
    public const string RenameModule =
        "UPDATE modules m SET name = u.name FROM modules u WHERE m.hash = $2 AND u.id = $1 AND u.hash IS NULL AND u.name IS NOT NULL";
    public const string DropUpload =
        "WITH gone AS (DELETE FROM modules WHERE id = $1 AND hash IS NULL RETURNING id) DELETE FROM module_chunks c USING gone WHERE c.module = gone.id";

    // Deleting one: by hash; whether it is in use by task_modules_module and the few rows of queue_modules.
    public const string DeleteModule =
        "WITH gone AS (DELETE FROM modules m WHERE m.hash = $1 AND NOT EXISTS (SELECT 1 FROM task_modules t WHERE t.module = m.id) " +
        "AND NOT EXISTS (SELECT 1 FROM queue_modules q WHERE q.module = m.id) RETURNING id), " +
        "chunks AS (DELETE FROM module_chunks c USING gone WHERE c.module = gone.id) SELECT id FROM gone";

    // What a queue runs, by primary key.
    public const string UpsertQueueModule =
        "INSERT INTO queue_modules (queue, module, run) SELECT $1, id, $3 FROM modules WHERE hash = $2 " +
        "ON CONFLICT (queue) DO UPDATE SET module = excluded.module, run = excluded.run RETURNING queue";
    public const string DeleteQueueModule = "DELETE FROM queue_modules WHERE queue = $1";

    // Reads, by hash and by primary keys.
    public const string SelectModule = $"SELECT {ModuleColumns} FROM modules m WHERE m.hash = $1";
    public const string SelectModules = $"SELECT {ModuleColumns} FROM modules m WHERE m.hash IS NOT NULL ORDER BY m.id";
    public const string SelectChunk = "SELECT c.body FROM modules m JOIN module_chunks c ON c.module = m.id WHERE m.hash = $1 AND c.number = $2";
    public const string SelectQueueModules = "SELECT q.queue, m.hash, q.run FROM queue_modules q JOIN modules m ON m.id = q.module ORDER BY q.queue";
    public const string SelectTaskModules =
        "SELECT t.task, m.hash, t.run FROM task_modules t JOIN modules m ON m.id = t.module WHERE t.task = ANY($1)";
}
