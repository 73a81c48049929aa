namespace Weft.Storage.Postgres;

/// <summary>Adding tokens.</summary>
internal sealed partial class PostgresSql
{
    // Adding a token takes a lock: only one transaction counts and inserts at a time.
    public override string LockTokens => "SELECT pg_advisory_xact_lock(x'57656674'::int, 3)";
    public override string DeleteExpiredTokens => """
        DELETE FROM tokens
        WHERE expires_at <= weft_now() AND (SELECT count(*) FROM tokens) > $1
        """;
}
