namespace Weft.Storage.Postgres;

/// <summary>Groups, with their counts and results.</summary>
internal sealed partial class PostgresSql
{
    // Including whether they are sealed.
    public override string SelectGroupsThatExist => """
        SELECT id, sealed_at IS NOT NULL
        FROM groups
        WHERE id = ANY($1)
        ORDER BY id
        FOR KEY SHARE
        """;

    // The stronger of the two locks that an update may take: submitting to the group takes the weakest.
    public override string SealGroup => """
        UPDATE groups
        SET sealed_at = coalesce(sealed_at, $1)
        WHERE id = (SELECT id FROM groups WHERE id = $2 FOR UPDATE)
        RETURNING sealed_at
        """;

    // groups_created and payloads_group. Locked first and deleted by a statement that sees what was committed before
    // the lock: submitting to a group locks it too.
    public override string LockEmptyGroups => """
        SELECT id
        FROM groups g
        WHERE created_at <= weft_now() - $1 AND NOT EXISTS (SELECT 1 FROM payloads p WHERE p.group_id = g.id)
        ORDER BY created_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED
        """;
    public override string DeleteEmptyGroups => """
        WITH gone AS (
            DELETE FROM groups g
            WHERE id = ANY($1) AND NOT EXISTS (SELECT 1 FROM payloads p WHERE p.group_id = g.id)
            RETURNING id
        ),
            c AS (DELETE FROM group_counts USING gone WHERE group_id = gone.id)
        SELECT id
        FROM gone
        """;

    // Storing a batch's decisions. A group's finished tasks are numbered under its lock, which is held until the
    // commit: a reader up to a number has missed none below it.
    public override string LockGroups => "SELECT id FROM groups WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    public override string AddToGroupCounts { get; } = AddToStates("group_counts", "group_id");

    public override string InsertGroup => """
        INSERT INTO groups (id, name, created_at, owner)
        VALUES (nextval('group_ids'), $1, $2, $3)
        RETURNING id
        """;
}
