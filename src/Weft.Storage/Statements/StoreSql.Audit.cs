namespace Weft.Storage.Statements;

/// <summary>The audit log, by primary key: ids roughly ascend with time.</summary>
internal static partial class StoreSql
{
    public const string InsertAudit = """
        INSERT INTO audit (at, token, token_name, action, subject, detail)
        VALUES ($1, $2, $3, $4, $5, $6)
        """;

    // By audit_token: one token's entries must not push out those of others.
    public const string DeleteAuditOfToken = """
        DELETE FROM audit
        WHERE token = $1 AND id <= (SELECT id FROM audit WHERE token = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)
        """;
    public const string DeleteAuditPastNewest =
        "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET $1)";
    public const string DeleteOldAudit = """
        DELETE FROM audit
        WHERE at <= $1 AND id IN (SELECT id FROM audit ORDER BY id LIMIT $2)
        RETURNING id
        """;
    public const string SelectAudit = """
        SELECT id, at, token, token_name, action, subject, detail
        FROM audit
        WHERE id < $1
        ORDER BY id DESC
        LIMIT $2
        """;
}
