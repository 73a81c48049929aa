namespace Weft.Storage.Sqlite;

/// <summary>The owners' amounts.</summary>
internal sealed partial class SqliteSql
{
    // Owners, by primary key; an owner's list by task_owners_owner.
    public const string InsertOwner = """
        INSERT INTO task_owners (task, owner, payload_bytes, kept_bytes)
        VALUES (? /* task */, ? /* owner */, ? /* payload_bytes */, ? /* kept_bytes */)
        """;
    public const string AddToKept = "UPDATE task_owners SET kept_bytes = kept_bytes + ? WHERE task = ? RETURNING owner";
    public const string SelectHasOwners = "SELECT EXISTS (SELECT 1 FROM task_owners)";
    public const string SelectOwned = "SELECT owner, payload_bytes, kept_bytes FROM task_owners WHERE task = ?";
    public const string SelectOwnerCount = """
        SELECT tasks, payload_bytes, stored_bytes
        FROM owner_counts
        WHERE owner = ?
        """;
    public const string AddToOwnerCount = """
        INSERT INTO owner_counts (owner, tasks, payload_bytes, stored_bytes)
        VALUES (? /* owner */, ? /* tasks */, ? /* payload_bytes */, ? /* stored_bytes */)
        ON CONFLICT (owner) DO UPDATE SET tasks = tasks + excluded.tasks,
            payload_bytes = payload_bytes + excluded.payload_bytes, stored_bytes = stored_bytes + excluded.stored_bytes
        """;
    public const string DeleteIdleOwner = """
        DELETE FROM owner_counts
        WHERE owner = ? AND tasks = 0 AND stored_bytes = 0
        """;

    // groups_owner
    public const string SelectOwnerHasGroups = """
        SELECT 1
        FROM groups
        WHERE owner = ?
        ORDER BY id
        LIMIT 1 OFFSET ?
        """;
}
