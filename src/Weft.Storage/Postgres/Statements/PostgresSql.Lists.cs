using Weft.Core;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

/// <summary>Tasks as readers find them.</summary>
internal sealed partial class PostgresSql
{
    // Another coordinator may have stored it, or given the upload up.
    public override string InsertBlobChunk => """
        INSERT INTO module_chunks (module, number, body)
        SELECT id, $1, $2
        FROM modules
        WHERE id = $3 AND hash IS NULL AND wanted IS NOT NULL
        ON CONFLICT DO NOTHING
        RETURNING module
        """;
    public override string InsertChunk => """
        WITH upload AS (UPDATE modules SET touched_at = weft_now() WHERE id = $1 AND hash IS NULL RETURNING id)
        INSERT INTO module_chunks (module, number, body)
        SELECT id, $2, $3
        FROM upload
        RETURNING module
        """;
    public override string EmptyPayload => """
        WITH p AS (UPDATE payloads SET body = $1 WHERE task = $2)
        UPDATE tasks SET payload_bytes = length($1) WHERE id = $2
        """;
    public override string LockBulkOperation => $"{StoreSql.SelectBulkOperation} FOR UPDATE";

    // payloads_group
    public override TaskSource Members { get; } =
        new("payloads g JOIN tasks t ON t.id = g.task", "g.group_id = $1 AND ", "g.task");

    // The sizes are known before any payload is read: the server searches no more than one page may.
    public override string SearchPage(TaskSource source, bool newestFirst) => $"""
        SELECT {TaskRow.Columns}, e.text, t.payload_bytes::bigint, position($1::bytea IN p.body) > 0
        FROM (
            SELECT t.*, sum(t.payload_bytes) OVER (ORDER BY t.id{(newestFirst ? " DESC" : "")}) AS bytes
            FROM (SELECT t.* FROM {source.From} {source.Bounds(newestFirst, others: 1)}) t
        ) t
        JOIN payloads p ON p.task = t.id
        LEFT JOIN errors e ON e.task = t.id
        WHERE t.bytes - t.payload_bytes <= {Limits.ListSearchBytesMax}
        ORDER BY t.id{(newestFirst ? " DESC" : "")}
        """;

    protected override string LaneCounts => "counts c";

    // By (group_id, shard), for each group that is read.
    protected override string Groups { get; } = $"""
        groups g CROSS JOIN LATERAL (
            SELECT {StateSql.Each(static (column, _) => $"coalesce(sum(c.{column}), 0)::bigint AS {column}")}
            FROM group_counts c
            WHERE c.group_id = g.id
        ) c
        """;

    protected override string TaskOfItem => "(e.value::json -> 'data' ->> 'id')::bigint";

    protected override string ItemsOf(string parameter) => $"json_array_elements_text({parameter}::json) e";

    // Rows that another coordinator is taking are skipped.
    protected override string IsTaken(string select) => $"id = ANY(ARRAY({select} FOR UPDATE SKIP LOCKED))";
}
