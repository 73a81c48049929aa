using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>Adjustments after the wall clock was set.</summary>
internal sealed partial class SqliteSql
{
    // Adjustments after the wall clock was set, by tasks_due and appointments: all times that were relative to some
    // "now" are moved. Tasks scheduled for a time of day and never claimed keep that time.
    public const string MoveTimers = $"""
        UPDATE tasks SET due_at = due_at + ?1, run_at = run_at + ?1, expires_at = expires_at + ?1,
          lease_from = CASE state WHEN {StateSql.Leased} THEN lease_from + ?1 ELSE lease_from END,
          lease_until = CASE state WHEN {StateSql.Leased} THEN lease_until + ?1 ELSE lease_until END
        WHERE state IN {StateSql.Unfinished} AND due_at IS NOT NULL
            AND NOT (state = {StateSql.Scheduled} AND attempt = 0 AND id IN (SELECT task FROM appointments))
        """;
    public const string MoveAppointments = $"""
        UPDATE tasks SET expires_at = expires_at + ?1, due_at = min(run_at, expires_at + ?1)
        WHERE id IN (SELECT task FROM appointments) AND state = {StateSql.Scheduled} AND attempt = 0
            AND expires_at IS NOT NULL
        """;

    // tasks_finished
    public const string MoveFinishes = """
        UPDATE tasks
        SET finished_at = finished_at + ?1, lease_from = lease_from + ?1
        WHERE finished_at BETWEEN ?2 /* since the start */ AND ?3 /* up to the jump */
        """;
    public const string InsertAppointment = "INSERT INTO appointments (task) VALUES (?)";
    public const string SelectHasAppointments = "SELECT EXISTS (SELECT 1 FROM appointments)";
    public const string DeleteAppointment = "DELETE FROM appointments WHERE task = ?";
}
