using Weft.Storage.Engine;

namespace Weft.Storage.Statements;

/// <summary>
/// Files, which are modules of a kind of their own: by primary key, hash, modules_wanted or modules_blobs. A row with a
/// hash is a blob, one with a wanted hash an upload, one with neither was given up.
/// </summary>
internal static partial class StoreSql
{
    // The owner's upload of these bytes, or the attempt's, and how many of its chunks are there: none is ever missing
    // before others.
    public const string SelectBlobUpload = """
        SELECT m.id, CAST((SELECT count(*) FROM module_chunks c WHERE c.module = m.id) AS bigint)
        FROM modules m
        WHERE m.wanted = $1 AND m.hash IS NULL AND m.size = $2 AND m.output_lease IS NOT DISTINCT FROM $3 AND (
            EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner = $4)
            OR ($4 < 0 AND NOT EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id)))
        ORDER BY m.id
        LIMIT 1
        """;

    // Of all blobs and uploads: how many, and their bytes.
    public const string CountBlobs =
        "SELECT count(*), CAST(coalesce(sum(size), 0) AS bigint) FROM modules WHERE kind = 3";

    // Of an owner: bytes, uploads that are no outputs, and how many in all. By module_owners_owner.
    public const string CountBlobsOfOwner = """
        SELECT CAST(coalesce(sum(m.size), 0) AS bigint),
            count(CASE WHEN m.output_lease IS NULL THEN m.wanted END), count(*)
        FROM module_owners o
        JOIN modules m ON m.id = o.module
        WHERE o.owner = $1 AND m.kind = 3
        """;

    // Of an attempt, with those on their way. By modules_outputs.
    public const string CountOutputs = """
        SELECT CAST(coalesce(sum(size), 0) AS bigint), count(*)
        FROM modules
        WHERE output_lease = $1 AND (hash IS NOT NULL OR wanted IS NOT NULL)
        """;

    public const string TouchBlobUpload = "UPDATE modules SET touched_at = $1 WHERE id = $2 AND wanted IS NOT NULL";

    public const string InsertBlobUpload = """
        INSERT INTO modules (kind, wanted, size, created_at, touched_at, output_task, output_lease)
        VALUES (3, $1, $2, $3, $3, $4, $5)
        RETURNING id
        """;

    // The newest upload of these bytes is the one that the transaction has just made.
    public const string InsertBlobUploadOwner = """
        INSERT INTO module_owners (module, owner)
        SELECT max(id), $1
        FROM modules
        WHERE wanted = $2 AND hash IS NULL
        HAVING max(id) IS NOT NULL
        """;

    // Whether an upload is there, and its next chunk is number $2: those before it may have been lost in a crash of the
    // database that the coordinator has survived.
    public const string SelectUploadGoesOn = """
        SELECT m.id
        FROM modules m
        WHERE m.id = $1 AND m.hash IS NULL AND m.wanted IS NOT NULL
            AND ($2 = 0 OR EXISTS (SELECT 1 FROM module_chunks c WHERE c.module = m.id AND c.number = $2 - 1))
            AND NOT EXISTS (SELECT 1 FROM module_chunks c WHERE c.module = m.id AND c.number = $2)
        """;

    // An upload becomes a blob when all its bytes are there, unless that is known.
    public const string SealBlob = """
        UPDATE modules
        SET hash = wanted, wanted = NULL, touched_at = $1
        WHERE id = $2 AND wanted = $3 AND NOT EXISTS (SELECT 1 FROM modules k WHERE k.hash = $3)
            AND size = (SELECT coalesce(sum(length(c.body)), 0) FROM module_chunks c WHERE c.module = modules.id)
        """;
    // One that is known already makes the upload superfluous.
    public const string DropKnownUpload = """
        UPDATE modules
        SET wanted = NULL
        WHERE id = $1 AND hash IS NULL AND EXISTS (SELECT 1 FROM modules k WHERE k.hash = $2)
        """;
    public const string UpsertBlobOwner = """
        INSERT INTO module_owners (module, owner)
        SELECT id, $1
        FROM modules
        WHERE hash = $2
        ON CONFLICT DO NOTHING
        """;
    public const string TouchBlob = "UPDATE modules SET touched_at = $1 WHERE hash = $2";
    public const string DropBlobUpload = "UPDATE modules SET wanted = NULL WHERE id = $1 AND hash IS NULL";

    public const string SelectUploadedChunk = "SELECT body FROM module_chunks WHERE module = $1 AND number = $2";

    // A page of them.
    public const string SelectBlobs = $"""
        SELECT {ModuleColumns}, m.id
        FROM modules m
        WHERE m.kind = 3 AND m.hash IS NOT NULL AND m.id > $1
        ORDER BY m.id
        LIMIT $2
        """;
    public const string SelectBlobsOfOwner = $"""
        SELECT {OwnedModuleColumns}, m.id
        FROM module_owners o
        JOIN modules m ON m.id = o.module
        WHERE o.owner = $1 AND m.kind = 3 AND m.hash IS NOT NULL AND m.id > $2
        ORDER BY m.id
        LIMIT $3
        """;

    // What nothing names, and what was pushed no further, is given up: some blobs after a number, by primary key.
    public const string SelectLastOfBlobs =
        $"SELECT max(id), count(*) FROM ({SomeOldBlobs}) s HAVING max(id) IS NOT NULL";
    public const string GiveUpUnusedBlobs = $"""
        UPDATE modules
        SET hash = NULL
        WHERE id IN (
            SELECT m.id
            FROM modules m
            WHERE m.id IN (SELECT s.id FROM ({SomeOldBlobs}) s) AND NOT ({ModuleIsInUse})
        )
        """;

    // Outputs that their attempt has not named, and can't name any more. By modules_outputs.
    public const string GiveUpOutputs = $"""
        UPDATE modules
        SET hash = NULL, wanted = NULL
        WHERE id IN (
            SELECT m.id
            FROM modules m
            WHERE m.output_lease IS NOT NULL AND m.touched_at <= $1
                AND (m.hash IS NOT NULL OR m.wanted IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1
                    FROM tasks t
                    WHERE t.id = m.output_task AND t.lease_token = m.output_lease AND t.state = {StateSql.Leased}
                )
                AND NOT ({ModuleIsInUse})
            LIMIT $2
        )
        """;
    public const string GiveUpIdleUploads =
        "UPDATE modules SET wanted = NULL WHERE kind = 3 AND wanted IS NOT NULL AND touched_at <= $1";

    // Then its chunks go, some at a time, and the row with the last of them.
    public const string DeleteGivenUpChunks = $"""
        DELETE FROM module_chunks
        WHERE (module, number) IN (
            SELECT c.module, c.number
            FROM modules m
            JOIN module_chunks c ON c.module = m.id
            WHERE {BlobIsGivenUp}
            LIMIT $1
        )
        RETURNING module
        """;
    public const string DeleteGivenUpOwners =
        $"DELETE FROM module_owners WHERE module IN (SELECT m.id FROM modules m WHERE {BlobIsGivenUp})";
    public const string DeleteGivenUpBlobs = $"""
        DELETE FROM modules
        WHERE id IN (
            SELECT m.id
            FROM modules m
            WHERE {BlobIsGivenUp} AND NOT EXISTS (SELECT 1 FROM module_chunks c WHERE c.module = m.id)
        )
        """;

    private const string SomeOldBlobs = """
        SELECT id
        FROM modules
        WHERE id > $1 AND kind = 3 AND hash IS NOT NULL AND touched_at <= $2
        ORDER BY id
        LIMIT $3
        """;
    private const string BlobIsGivenUp = "m.kind = 3 AND m.hash IS NULL AND m.wanted IS NULL";
}
