namespace Weft.Storage.Statements;

/// <summary>Sets of files, by primary keys, and the blobs that they name, by file_set_blobs_blob.</summary>
internal static partial class StoreSql
{
    // Its hash, and how many of its blobs exist.
    public const string SelectFileSet = """
        SELECT f.hash, (
            SELECT count(*)
            FROM file_set_blobs b
            JOIN modules m ON m.id = b.blob
            WHERE b.file_set = f.id AND m.hash IS NOT NULL
        )
        FROM file_sets f
        WHERE f.id = $1
        """;

    // A blob, if this owner may name it; below 0: anybody.
    public const string SelectNameableBlob = $"""
        SELECT m.id
        FROM modules m
        WHERE m.hash = $1 AND (
            $2 < 0
            OR EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner = $2)
            OR {ModuleIsOpen}
        )
        """;

    public const string InsertFileSet =
        "INSERT INTO file_sets (id, hash, files) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    public const string InsertFileSetBlob = """
        INSERT INTO file_set_blobs (file_set, blob)
        SELECT $1, id
        FROM modules
        WHERE hash = $2
        ON CONFLICT DO NOTHING
        """;

    // Some sets after a number: the last of them, and those that no task names.
    public const string SelectLastOfFileSets = $"SELECT max(id) FROM ({SomeFileSets}) s HAVING max(id) IS NOT NULL";
    public const string DeleteBlobsOfUnusedFileSets = $"""
        DELETE FROM file_set_blobs
        WHERE file_set IN (SELECT s.id FROM ({SomeFileSets}) s WHERE {FileSetIsUnused})
        """;
    public const string DeleteUnusedFileSets =
        $"DELETE FROM file_sets WHERE id IN (SELECT s.id FROM ({SomeFileSets}) s WHERE {FileSetIsUnused})";

    // A blob that is given up is named only by sets that no task names any more.
    public const string DeleteFileSetsOfGivenUp = $"""
        DELETE FROM file_set_blobs
        WHERE blob IN (SELECT m.id FROM modules m WHERE {BlobIsGivenUp})
        """;
    public const string DeleteFileSetsOfModule = """
        DELETE FROM file_set_blobs
        WHERE blob = $1 AND NOT EXISTS (SELECT 1 FROM modules WHERE id = $1)
        """;

    // A blob with its size, if the task's owner may name it, by primary keys.
    public const string SelectOutputBlob = $"""
        SELECT m.size
        FROM modules m
        WHERE m.hash = $1 AND (
            NOT EXISTS (SELECT 1 FROM task_owners t WHERE t.task = $2)
            OR EXISTS (
                SELECT 1
                FROM task_owners t
                JOIN module_owners o ON o.owner = t.owner
                WHERE t.task = $2 AND o.module = m.id
            )
            OR {ModuleIsOpen}
        )
        """;
    public const string UpdateResultOutputs = "UPDATE results SET outputs = $1 WHERE task = $2";

    // A blob that a result names no longer belongs to the attempt only.
    public const string NameOutput =
        "UPDATE modules SET output_task = NULL, output_lease = NULL WHERE hash = $1 AND output_lease IS NOT NULL";

    private const string SomeFileSets = "SELECT id FROM file_sets WHERE id > $1 ORDER BY id LIMIT $2";
    private const string FileSetIsUnused = """
        NOT EXISTS (SELECT 1 FROM task_modules t WHERE t.files = s.id)
            AND NOT EXISTS (SELECT 1 FROM queue_modules q WHERE q.files = s.id)
            AND NOT EXISTS (SELECT 1 FROM results r WHERE r.outputs = s.id)
        """;
}
