using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

/// <summary>
/// Every statement of the engine, each with the index that serves it. Many rows go in one statement, as arrays. Long
/// ones are unnested in a SELECT list, which produces a row at a time: in FROM each array is first materialized. Rows
/// are locked in the order of their ids, so that no two transactions wait for each other.
/// </summary>
internal sealed partial class PostgresSql : RemoteSql
{
    public static readonly PostgresSql Own = new();

    public override string Begin => "BEGIN";
    public override string Commit => "COMMIT";
    public const string Rollback = "ROLLBACK";

    public override string CommitWithoutSync => "SELECT set_config('synchronous_commit', 'off', true)";

    // Only a record in the log. A commit waits for its standby only if it has written something; this one then waits
    // for all earlier commits as well.
    public override string ReplicationBarrier => "SELECT 1 FROM pg_logical_emit_message(true, 'weft', '')";

    // For a connection whose server's role isn't known yet: a standby can't write, and is left alone.
    public const string ReplicationBarrierOnPrimary = """
        SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_logical_emit_message(true, 'weft', '') IS NULL END
        """;

    // The time, and whether anybody owns tasks, whose counts must follow.
    public override string SelectNow => "SELECT weft_now(), EXISTS (SELECT 1 FROM owner_counts)";

    // What every transaction must know: the same, whether there are lanes that this process hasn't seen, which queues
    // are paused, whether a queue has a module, and the webhooks' rules.
    public override string SelectStart => $"""
        SELECT weft_now(), EXISTS (SELECT 1 FROM owner_counts), coalesce((SELECT max(id) FROM lanes), 0),
            ARRAY(SELECT queue FROM paused_queues),
            EXISTS (SELECT 1 FROM queue_modules) OR EXISTS (SELECT 1 FROM queue_policies),
            ARRAY({StoreSql.SelectWebhookRules})
        """;

    // Whether another engine's store has been partly migrated.
    public const string SelectIsMoving = "SELECT EXISTS (SELECT 1 FROM moves WHERE finished_at IS NULL)";

    // A shard of the counts belongs to one connection for as long as that lives.
    public const string TakeShard = """
        SELECT n
        FROM generate_series(0, 1023) AS n
        WHERE pg_try_advisory_lock(x'57656675'::int, n)
        LIMIT 1
        """;

    // Notifying other coordinators. Listeners hold a lock that all of them share. A notification doesn't survive a
    // crash: its commit waits neither for the disk nor for a standby, which would only make waiting workers wait
    // longer.
    public const string Notify = """
        SELECT pg_notify('weft', piece), set_config('synchronous_commit', 'off', true)
        FROM unnest($1::text[]) AS piece
        """;
    public const string Listen = "LISTEN weft";
    public const string JoinListeners = "SELECT pg_advisory_lock_shared(x'57656674'::int, 4)";
    public const string CountListeners = """
        SELECT count(*)
        FROM pg_locks
        WHERE locktype = 'advisory' AND classid = x'57656674'::int::oid AND objid = 4
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;
}
