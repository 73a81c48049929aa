namespace Weft.Storage.Statements;

/// <summary>
/// Modules, by primary key or hash; their use, by task_modules_module and the few rows of queue_modules.
/// </summary>
internal static partial class StoreSql
{
    // An upload, whose hash is not known yet, becomes a module unless that exists or there are too many.
    public const string SealUpload = """
        UPDATE modules
        SET hash = $1, size = $2
        WHERE id = $3 AND hash IS NULL AND NOT EXISTS (SELECT 1 FROM modules WHERE hash = $1)
            AND (SELECT count(*) FROM modules WHERE hash IS NOT NULL AND kind <> 3) < $4
        RETURNING id
        """;

    // A module with the same bytes but of another kind than the upload's.
    public const string SelectOtherKind = """
        SELECT m.id
        FROM modules m, modules u
        WHERE m.hash = $1 AND u.id = $2 AND m.kind <> u.kind AND m.kind <> 3
        """;

    // A module pushed as a file that has since passed a module's check is one.
    public const string PromoteBlob = """
        UPDATE modules AS m
        SET kind = u.kind
        FROM modules u
        WHERE m.hash = $1 AND m.kind = 3 AND u.id = $2 AND u.hash IS NULL
            AND (SELECT count(*) FROM modules WHERE hash IS NOT NULL AND kind <> 3) < $3
        """;

    // A known module takes the name of an upload, unless it has other owners; and its owner, under that name.
    public const string RenameModule = """
        UPDATE modules AS m
        SET name = u.name
        FROM modules u
        WHERE m.hash = $1 AND u.id = $2 AND u.hash IS NULL AND u.name IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner IS DISTINCT FROM $3)
        """;
    public const string UpsertModuleOwner = """
        INSERT INTO module_owners AS o (module, owner, name)
        SELECT m.id, $1, u.name
        FROM modules m, modules u
        WHERE m.hash = $2 AND u.id = $3 AND u.hash IS NULL
        ON CONFLICT (module, owner) DO UPDATE SET name = coalesce(excluded.name, o.name)
        """;

    // Whether the owner already has it, and the owner's total, by module_owners_owner.
    public const string CountModulesOfOwner = """
        SELECT EXISTS (
                SELECT 1
                FROM module_owners o
                JOIN modules m ON m.id = o.module
                WHERE o.owner = $1 AND m.hash = $2
            ),
            count(m.hash), CAST(coalesce(sum(m.size), 0) AS bigint)
        FROM module_owners o
        JOIN modules m ON m.id = o.module
        WHERE o.owner = $1 AND m.kind <> 3
        """;

    // Whether others own it, and whether this one does; whether a task of this owner names it, among the first; and
    // whether anything names it.
    public const string SelectModuleOwnership = $"""
        SELECT m.id, EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner <> $1),
            EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner = $1),
            EXISTS (
                SELECT 1
                FROM (SELECT t.task FROM task_modules t WHERE t.module = m.id LIMIT $2) n
                JOIN task_owners o ON o.task = n.task
                WHERE o.owner = $1
            ) OR EXISTS (
                SELECT 1
                FROM (
                    SELECT t.task
                    FROM file_set_blobs b
                    JOIN task_modules t ON t.files = b.file_set
                    WHERE b.blob = m.id
                    LIMIT $2
                ) n
                JOIN task_owners o ON o.task = n.task
                WHERE o.owner = $1
            ) OR EXISTS (
                SELECT 1
                FROM (
                    SELECT r.task
                    FROM file_set_blobs b
                    JOIN results r ON r.outputs = b.file_set
                    WHERE b.blob = m.id
                    LIMIT $2
                ) n
                JOIN task_owners o ON o.task = n.task
                WHERE o.owner = $1
            ),
            {ModuleIsInUse}, m.kind
        FROM modules m
        WHERE m.hash = $3
        """;

    // Whether any submitter may name it: it has no owner, or one of its owners is a deleted token or an admin. By
    // primary keys.
    public const string ModuleIsOpen = """
        (
            NOT EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id)
                OR EXISTS (
                    SELECT 1
                    FROM module_owners o
                    LEFT JOIN tokens t ON t.id = o.owner
                    WHERE o.module = m.id AND (t.id IS NULL OR (t.scopes & 8 /* admin */) <> 0)
                )
        )
        """;
    public const string DeleteModuleOwner = "DELETE FROM module_owners WHERE module = $1 AND owner = $2";

    // An unreferenced module becomes an upload again, to be deleted as one: the row first, so that a simultaneous new
    // chunk is waited for.
    public const string UnsealModule = $"""
        UPDATE modules AS m
        SET hash = NULL
        WHERE m.id = $1 AND m.hash IS NOT NULL AND NOT ({ModuleIsInUse})
        RETURNING id
        """;
    public const string DeleteUpload = "DELETE FROM modules WHERE id = $1 AND hash IS NULL AND kind <> 3";
    public const string DeleteChunks = """
        DELETE FROM module_chunks
        WHERE module = $1 AND NOT EXISTS (SELECT 1 FROM modules WHERE id = $1)
        """;
    public const string DeleteModuleOwners = """
        DELETE FROM module_owners
        WHERE module = $1 AND NOT EXISTS (SELECT 1 FROM modules WHERE id = $1)
        """;

    // A queue's module, by primary key.
    public const string UpsertQueueModule = """
        INSERT INTO queue_modules (queue, module, run, files)
        SELECT $1, m.id, $2, $3
        FROM (SELECT 1) one
        LEFT JOIN modules m ON m.hash = $4
        WHERE m.id IS NOT NULL OR CAST($4 AS text) IS NULL
        ON CONFLICT (queue) DO UPDATE SET module = excluded.module, run = excluded.run, files = excluded.files
        RETURNING queue
        """;
    public const string DeleteQueueModule = "DELETE FROM queue_modules WHERE queue = $1";
    public const string SelectQueueModules = """
        SELECT q.queue, m.hash, q.run, f.files
        FROM queue_modules q
        LEFT JOIN modules m ON m.id = q.module
        LEFT JOIN file_sets f ON f.id = q.files
        ORDER BY q.queue
        """;
    public const string SelectQueueModule = """
        SELECT q.queue, m.hash, q.run, f.files
        FROM queue_modules q
        LEFT JOIN modules m ON m.id = q.module
        LEFT JOIN file_sets f ON f.id = q.files
        WHERE q.queue = $1
        """;

    // Tasks' modules, owners and files, by primary keys; the condition on tasks follows.
    public const string SelectTaskCalls = """
        SELECT t.task, m.hash, t.run, o.owner, f.files, t.files
        FROM task_modules t
        LEFT JOIN modules m ON m.id = t.module
        LEFT JOIN file_sets f ON f.id = t.files
        LEFT JOIN checks k ON k.task = t.task
        LEFT JOIN task_owners o ON o.task = coalesce(k.parent, t.task)
        """;
    public const string SelectTaskCall = $"{SelectTaskCalls} WHERE t.task = $1";

    // All of them, without the bytes.
    public const string SelectQueueRunSizes = """
        SELECT q.queue, CAST(coalesce(length(q.run), 0) + coalesce(length(f.files), 0) AS bigint)
        FROM queue_modules q
        LEFT JOIN file_sets f ON f.id = q.files
        """;

    // Reads.
    public const string SelectModule = $"SELECT {ModuleColumns} FROM modules m WHERE m.hash = $1";
    public const string SelectModules = $"""
        SELECT {ModuleColumns}
        FROM modules m
        WHERE m.hash IS NOT NULL AND m.kind <> 3
        ORDER BY m.id
        """;
    public const string SelectModuleOfOwner = $"""
        SELECT {OwnedModuleColumns}
        FROM modules m
        JOIN module_owners o ON o.module = m.id
        WHERE m.hash = $1 AND o.owner = $2
        """;
    public const string SelectModulesOfOwner = $"""
        SELECT {OwnedModuleColumns}
        FROM module_owners o
        JOIN modules m ON m.id = o.module
        WHERE o.owner = $1 AND m.hash IS NOT NULL AND m.kind <> 3
        ORDER BY m.id
        """;

    // Wheels that are found by name: the owner's own, those of admins and those of nobody. Not those of a token that is
    // gone: whoever pushed a newer version of a package would have everybody run it once the token is revoked. A look
    // at all modules, which are few.
    public const string SelectNamedWheels = $"""
        SELECT {ModuleColumns}
        FROM modules m
        WHERE m.kind = 5 AND m.hash IS NOT NULL AND (
            NOT EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id)
            OR EXISTS (
                SELECT 1
                FROM module_owners o
                LEFT JOIN tokens t ON t.id = o.owner
                WHERE o.module = m.id
                    AND (o.owner IN ($1, 0 /* an admin that is gone */) OR (t.scopes & 8 /* admin */) <> 0)
            )
        )
        ORDER BY m.id
        """;

    // By (module, number).
    public const string SelectChunk = """
        SELECT c.body
        FROM modules m
        JOIN module_chunks c ON c.module = m.id
        WHERE m.hash = $1 AND c.number = $2
        """;

    private const string ModuleColumns = $"m.hash, m.kind, m.size, m.name, m.created_at, {ModuleIsInUse}";
    private const string OwnedModuleColumns = $"m.hash, m.kind, m.size, o.name, m.created_at, {ModuleIsInUse}";
    private const string ModuleIsInUse = """
        EXISTS (SELECT 1 FROM task_modules t WHERE t.module = m.id)
            OR EXISTS (SELECT 1 FROM queue_modules q WHERE q.module = m.id)
            OR EXISTS (
                SELECT 1
                FROM file_set_blobs b
                JOIN task_modules t ON t.files = b.file_set
                WHERE b.blob = m.id
            )
            OR EXISTS (SELECT 1 FROM file_set_blobs b JOIN queue_modules q ON q.files = b.file_set WHERE b.blob = m.id)
            OR EXISTS (SELECT 1 FROM file_set_blobs b JOIN results r ON r.outputs = b.file_set WHERE b.blob = m.id)
        """;
}
