namespace Weft.Storage.Postgres;

internal sealed partial class PostgresSql
{
    // Workers, by (coordinator, id). Ages are transmitted instead of times, since two machines' clocks differ.
    public const string TouchCoordinator = """
        INSERT INTO coordinators AS c (id, seen_at)
        VALUES ($1, weft_now())
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
        RETURNING xmax <> 0
        """;
    public const string UpsertWorkers = """
        INSERT INTO workers (
            coordinator, id, first_seen, last_seen, waits, claimed, completed, failed, queues, capabilities,
                modules_only, network
        )
        SELECT $1, u.id, weft_now() - u.first_age, weft_now() - u.last_age, u.waits, u.claimed, u.completed, u.failed,
            u.queues, u.capabilities, u.modules_only, u.network
        FROM unnest(
            $2::text[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
                $10::text[], $11::boolean[], $12::bigint[]
        ) AS u (
            id, first_age, last_age, waits, claimed, completed, failed, queues, capabilities, modules_only, network
        )
        ON CONFLICT (coordinator, id) DO UPDATE SET first_seen = excluded.first_seen, last_seen = excluded.last_seen,
            waits = excluded.waits, claimed = excluded.claimed, completed = excluded.completed,
            failed = excluded.failed, queues = excluded.queues, capabilities = excluded.capabilities,
            modules_only = excluded.modules_only, network = excluded.network
        """;
    public const string DeleteWorkers = "DELETE FROM workers WHERE coordinator = $1 AND id = ANY($2)";

    // As many rows as workers, which are limited: read as a whole. A worker's last claim is known where it was last
    // seen.
    public const string SelectOtherWorkers = """
        SELECT w.id, weft_now() - min(w.first_seen), weft_now() - max(w.last_seen),
            bool_or(w.waits AND coalesce(c.seen_at > weft_now() - $2, false)), sum(w.claimed)::bigint,
            sum(w.completed)::bigint, sum(w.failed)::bigint, (array_agg(w.queues ORDER BY w.last_seen DESC))[1],
            (array_agg(w.capabilities ORDER BY w.last_seen DESC))[1],
            (array_agg(w.modules_only ORDER BY w.last_seen DESC))[1],
            (array_agg(w.network ORDER BY w.last_seen DESC))[1]
        FROM workers w
        LEFT JOIN coordinators c ON c.id = w.coordinator
        WHERE w.coordinator <> $1
        GROUP BY w.id
        ORDER BY max(w.last_seen) DESC
        LIMIT $3
        """;

    // One coordinator at a time: two would delete the same rows, each in its own order.
    public const string LockBoard = "SELECT pg_advisory_xact_lock(x'57656674'::int, 6)";
    public const string DeleteWorkersOfGone = """
        DELETE FROM workers w
        USING (
            SELECT g.coordinator, g.id, g.last_seen, row_number() OVER (ORDER BY g.last_seen DESC) AS place
            FROM workers g
            WHERE NOT EXISTS (SELECT 1 FROM coordinators c WHERE c.id = g.coordinator AND c.seen_at > weft_now() - $1)
        ) gone
        WHERE w.coordinator = gone.coordinator AND w.id = gone.id
            AND (gone.place > $3 OR gone.last_seen <= weft_now() - $2)
        """;
    public const string DeleteGone = """
        DELETE FROM coordinators c
        WHERE c.seen_at <= weft_now() - $1 AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.coordinator = c.id)
        """;
}
