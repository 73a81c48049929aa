namespace Weft.Storage.Sqlite;

internal static partial class SqliteSql
{
    private const string ModuleColumns =
        "m.hash, m.kind, m.size, m.name, m.created_at, " +
        "EXISTS (SELECT 1 FROM task_modules t WHERE t.module = m.id) OR EXISTS (SELECT 1 FROM queue_modules q WHERE q.module = m.id)";

    // Modules, by primary key or hash; whether they are in use by task_modules_module and the few rows of queue_modules.
    public const string InsertUpload = "INSERT INTO modules (kind, name, created_at) VALUES (?, ?, ?) RETURNING id";
    public const string SelectUpload = "SELECT kind, name FROM modules WHERE id = ? AND hash IS NULL";
    public const string SelectUploads = "SELECT id FROM modules WHERE hash IS NULL";
    public const string InsertChunk = "INSERT INTO module_chunks (module, number, body) VALUES (?, ?, ?)";
    public const string SealUpload = "UPDATE modules SET hash = ?, size = ? WHERE id = ?";
    public const string UnsealModule = "UPDATE modules SET hash = NULL WHERE id = ?";
    public const string RenameModule = "UPDATE modules SET name = ? WHERE id = ?";
    public const string DeleteModule = "DELETE FROM modules WHERE id = ? AND hash IS NULL";
    public const string SelectModuleKeys = "SELECT id, hash, kind FROM modules WHERE hash IS NOT NULL";
    public const string SelectModule = $"SELECT {ModuleColumns} FROM modules m WHERE m.hash = ?";
    public const string SelectModules = $"SELECT {ModuleColumns} FROM modules m WHERE m.hash IS NOT NULL ORDER BY m.id";

    // Their bytes, by (module, number).
    public const string SelectChunk = "SELECT c.body FROM modules m JOIN module_chunks c ON c.module = m.id WHERE m.hash = ? AND c.number = ?";
    public const string DeleteChunks = "DELETE FROM module_chunks WHERE module = ?";

    // Who names them, by primary key.
    public const string InsertTaskModule = "INSERT INTO task_modules (task, module, run) VALUES (?, ?, ?)";
    public const string SelectTaskModule = "SELECT m.hash, t.run FROM task_modules t JOIN modules m ON m.id = t.module WHERE t.task = ?";
    public const string DeleteTaskModule = "DELETE FROM task_modules WHERE task = ?";
    public const string UpsertQueueModule =
        "INSERT INTO queue_modules (queue, module, run) VALUES (?, ?, ?) ON CONFLICT (queue) DO UPDATE SET module = excluded.module, run = excluded.run";
    public const string DeleteQueueModule = "DELETE FROM queue_modules WHERE queue = ?";
    public const string SelectQueueModules = "SELECT q.queue, m.hash, q.run FROM queue_modules q JOIN modules m ON m.id = q.module";
}
