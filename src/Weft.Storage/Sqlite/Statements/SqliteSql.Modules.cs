using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Modules, by primary key or hash.</summary>
internal sealed partial class SqliteSql
{
    public const string InsertUpload = "INSERT INTO modules (kind, name, created_at) VALUES (?, ?, ?) RETURNING id";
    public const string SelectUploads = "SELECT id FROM modules WHERE hash IS NULL AND kind <> 3";
    public const string SelectModuleKey = "SELECT id, kind FROM modules WHERE hash = ?";
    public const string SelectMayNameModule = $"""
        SELECT EXISTS (SELECT 1 FROM module_owners o WHERE o.module = m.id AND o.owner = $1)
            OR {StoreSql.ModuleIsOpen}
        FROM modules m
        WHERE m.id = $2
        """;

    // Owners, by (module, owner) and module_owners_owner.
    public const string InsertModuleOwner = "INSERT INTO module_owners (module, owner, name) VALUES (?, ?, ?)";
    public const string CountUploadsOfOwner = """
        SELECT count(*)
        FROM module_owners o
        JOIN modules m ON m.id = o.module
        WHERE o.owner = ? AND m.hash IS NULL AND m.kind <> 3
        """;

    // References, by primary key.
    public const string InsertTaskModule = """
        INSERT INTO task_modules (task, module, run, files, policy)
        VALUES (?, ?, ?, ?, ?)
        """;
    public const string SelectTaskFiles = "SELECT files FROM task_modules WHERE task = ?";
    public const string DeleteTaskModule = "DELETE FROM task_modules WHERE task = ?";
}
