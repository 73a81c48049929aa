namespace Weft.Cli.Remote;

/// <summary>All tasks of a coordinator by state, and its workers that were seen within the last 10 s.</summary>
internal sealed record StatsLine(long Scheduled, long Ready, long Leased, long Completed, long Dead, long Cancelled, int ActiveWorkers)
{
    // As wide as millions of tasks need, so that the lines of a watch stay below each other.
    private const string Columns = "{0,9}  {1,9}  {2,9}  {3,9}  {4,9}  {5,9}  {6,9}";

    public static void PrintHead(TextWriter output) => output.WriteLine(Columns, "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED", "WORKERS");

    public void Print(TextWriter output) => output.WriteLine(Columns, Scheduled, Ready, Leased, Completed, Dead, Cancelled, ActiveWorkers);
}
