namespace Weft.Storage.Sqlite;

/// <summary>What is to be sent to webhooks, by webhook_deliveries_due.</summary>
internal sealed partial class SqliteSql
{
    // What was being sent for the first time when the coordinator ended: nobody else is at it.
    public const string ReleaseDeliveries = """
        UPDATE webhook_deliveries
        SET due_at = created_at
        WHERE attempts = 0 AND due_at > created_at
        """;

    // What follows when the wall clock was set.
    public const string MoveDeliveries = "UPDATE webhook_deliveries SET due_at = due_at + ?";
}
