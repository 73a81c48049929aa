namespace Weft.Storage.Engine;

/// <summary>
/// States in SQL: their stored numbers as literals, which partial indexes need, and sets of states for statements. A
/// statement compares with these, never by the numbers' order.
/// </summary>
internal static class StateSql
{
    public const string Scheduled = "0";
    public const string Ready = "1";
    public const string Leased = "2";
    public const string Completed = "3";
    public const string Dead = "4";
    public const string Cancelled = "5";
    public const string Checking = "6";

    public const string All = $"({Scheduled}, {Ready}, {Leased}, {Completed}, {Dead}, {Cancelled}, {Checking})";
    public const string Unfinished = $"({Scheduled}, {Ready}, {Leased}, {Checking})";
    public const string Final = $"({Completed}, {Dead}, {Cancelled})";

    /// <summary>States that ended without a result: rare, and people search for them.</summary>
    public const string WithoutResult = $"({Dead}, {Cancelled})";

    /// <summary>States that wait for a worker, or for a time.</summary>
    public const string Waiting = $"({Scheduled}, {Ready})";

    /// <summary>States that time always changes: a sweep must find them.</summary>
    public const string Timed = $"({Scheduled}, {Leased})";

    /// <summary>The columns that count tasks by state, in the order of the states' numbers.</summary>
    public const string Columns = "scheduled, ready, leased, completed, dead, cancelled, checking";

    public const string Sum = "scheduled + ready + leased + completed + dead + cancelled + checking";
    public const string UnfinishedSum = "scheduled + ready + leased + checking";

    private static readonly string[] Names = Columns.Split(", ");

    /// <summary>The number of rows in each state, for <see cref="Columns"/>.</summary>
    public static readonly string CountEach = Each(static (_, state) => $"count(*) FILTER (WHERE state = {state})");

    /// <summary>Each state's number beside its column.</summary>
    public static readonly string StatesAndColumns = Each(static (column, state) => $"({state}, {column})");

    /// <summary>A text for each state, separated by commas.</summary>
    public static string Each(Func<string, int, string> write) => string.Join(", ", Names.Select(write));
}
