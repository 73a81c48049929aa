using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>Tasks and groups as readers find them.</summary>
internal sealed partial class SqliteSql
{
    public override string InsertBlobChunk =>
        "INSERT INTO module_chunks (number, body, module) VALUES ($1, $2, $3) RETURNING module";
    public override string InsertChunk =>
        "INSERT INTO module_chunks (module, number, body) VALUES ($1, $2, $3) RETURNING module";
    public override string EmptyPayload => "UPDATE payloads SET body = $1 WHERE task = $2";
    public override string InsertCorrection => """
        INSERT INTO corrections (task, group_id, told, body, error, at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """;

    // tasks_group
    public override TaskSource Members { get; } = new("tasks t", "t.group_id = $1 AND ", "t.id");

    // Row by row, in the order of the join, until the reader has enough.
    public override string SearchPage(TaskSource source, bool newestFirst) => $"""
        SELECT {TaskRow.Columns}, e.text, length(p.body), instr(p.body, $1) > 0
        FROM {source.From}
        CROSS JOIN payloads p ON p.task = t.id
        LEFT JOIN errors e ON e.task = t.id
        {source.Bounds(newestFirst, others: 1)}
        """;

    public override string SealGroup =>
        "UPDATE groups SET sealed_at = coalesce(sealed_at, $1) WHERE id = $2 RETURNING sealed_at";
    public override string LockBulkOperation => StoreSql.SelectBulkOperation;

    protected override string Groups => "groups g";

    // A few rows for each lane.
    protected override string LaneCounts { get; } = $"""
        (
            SELECT lane,
                {StateSql.Each(static (column, state) => $"CASE state WHEN {state} THEN tasks ELSE 0 END AS {column}")}
            FROM counts
        ) c
        """;

    protected override string TaskOfItem => "json_extract(e.value, '$.data.id')";

    protected override string ItemsOf(string parameter) => $"json_each({parameter}) e";

    protected override string IsTaken(string select) => $"id IN ({select})";
}
