namespace Weft.Storage.Sqlite;

/// <summary>Due deliveries to webhooks, by the index webhook_deliveries_due.</summary>
internal sealed partial class SqliteSql
{
    // First attempts that were in flight when the coordinator ended: no other process is sending them.
    public const string ReleaseDeliveries = """
        UPDATE webhook_deliveries
        SET due_at = created_at
        WHERE attempts = 0 AND due_at > created_at
        """;

    // Shifts the times after the wall clock was set.
    public const string MoveDeliveries = "UPDATE webhook_deliveries SET due_at = due_at + ?";
}
