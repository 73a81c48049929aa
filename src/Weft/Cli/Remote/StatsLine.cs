using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>A coordinator's tasks by state, and its workers seen within the last 10 s.</summary>
internal sealed record StatsLine(long Scheduled, long Ready, long Leased, long Completed, long Dead, long Cancelled,
    int ActiveWorkers)
{
    // Wide enough for millions of tasks, so that the columns stay aligned.
    private const int ColumnChars = 9;

    public static string Head => Columned("SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS");

    public override string ToString() => Columned(Scheduled, Ready, Leased, Completed, Dead, Cancelled, ActiveWorkers);

    private static string Columned(params object[] cells) =>
        string.Join("  ",
            cells.Select(static cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!.PadLeft(ColumnChars)));
}
