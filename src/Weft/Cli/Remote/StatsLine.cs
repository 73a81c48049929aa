using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>All tasks of a coordinator by state, and its workers that were seen within the last 10 s.</summary>
internal sealed record StatsLine(long Scheduled, long Ready, long Leased, long Completed, long Dead, long Cancelled,
    int ActiveWorkers)
{
    // As wide as millions of tasks need, so that the lines of a watch stay below each other.
    private const int ColumnChars = 9;

    public static string Head => Columned("SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS");

    public override string ToString() => Columned(Scheduled, Ready, Leased, Completed, Dead, Cancelled, ActiveWorkers);

    private static string Columned(params object[] cells) =>
        string.Join("  ",
            cells.Select(static cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!.PadLeft(ColumnChars)));
}
