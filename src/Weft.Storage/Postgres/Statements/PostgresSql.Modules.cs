using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

internal sealed partial class PostgresSql
{
    // Transactions that store tasks naming a module share this lock; those that change modules take it exclusively, so
    // that a named module stays. Taken before any row is locked, to avoid deadlocks.
    public override string ShareModules => "SELECT pg_advisory_xact_lock_shared(x'57656674'::int, 5)";
    public override string LockModules => "SELECT pg_advisory_xact_lock(x'57656674'::int, 5)";

    // Modules of new tasks: by hash, and by the queues' primary key. Owners: by the primary key of module_owners.
    public override string SelectModuleKeys => $"""
        SELECT m.hash, m.id, m.kind, {StoreSql.ModuleIsOpen}
        FROM modules m
        WHERE m.hash = ANY($1)
        """;
    public override string SelectModulesOf => """
        SELECT m.id, o.owner
        FROM modules m
        JOIN module_owners o ON o.module = m.id
        WHERE m.hash = ANY($1) AND o.owner = ANY($2)
        """;
    public override string SelectModulesOfQueues => """
        SELECT n.queue, m.hash, m.id, m.kind, q.run, p.policy, f.files, q.queue IS NOT NULL
        FROM unnest($1::text[]) AS n (queue)
        LEFT JOIN queue_modules q ON q.queue = n.queue
        LEFT JOIN modules m ON m.id = q.module
        LEFT JOIN file_sets f ON f.id = q.files
        LEFT JOIN queue_policies p ON p.queue = n.queue
        WHERE q.queue IS NOT NULL OR p.policy IS NOT NULL
        """;

    // Uploading, by primary key. Uploads not touched for long were given up.
    public override string DeleteAbandoned => """
        WITH gone AS (
                DELETE FROM modules
                WHERE hash IS NULL AND kind <> 3 AND touched_at <= weft_now() - $1
                RETURNING id),
            owners AS (DELETE FROM module_owners o USING gone WHERE o.module = gone.id)
        DELETE FROM module_chunks c
        USING gone
        WHERE c.module = gone.id
        """;

    // For an owner only if it has fewer than $4 uploads.
    public override string InsertUpload => """
        WITH upload AS (
            INSERT INTO modules (kind, name, created_at, touched_at) SELECT $1, $2, weft_now(), weft_now()
            WHERE $3::bigint IS NULL OR
                (
                    SELECT count(*)
                    FROM module_owners o
                    JOIN modules m ON m.id = o.module
                    WHERE o.owner = $3 AND m.hash IS NULL AND m.kind <> 3
                ) < $4
            RETURNING id),
        owners AS (
            INSERT INTO module_owners (module, owner, name) SELECT id, $3, $2 FROM upload WHERE $3::bigint IS NOT NULL)
        SELECT id FROM upload
        """;

    public override string SelectTaskModules => $"{StoreSql.SelectTaskCalls} WHERE t.task = ANY($1)";
}
