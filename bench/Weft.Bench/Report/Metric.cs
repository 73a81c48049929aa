namespace Weft.Bench.Report;

/// <summary>
/// Something measured: its column's title, its unit in the JSON file, and how many decimals mean something.
/// </summary>
internal sealed record Metric(string Name, string Unit, int Decimals)
{
    public static readonly Metric CyclesPerSecond = new("cycles/s", "1/s", 0);
    public static readonly Metric RequestP50 = new("p50 ms", "ms", 2);
    public static readonly Metric RequestP99 = new("p99 ms", "ms", 2);
    public static readonly Metric ServerCpu = new("server CPU µs/cycle", "µs", 1);
    public static readonly Metric GeneratorCpu = new("load CPU µs/cycle", "µs", 1);
    public static readonly Metric ServerCpuPerTask = new("server CPU µs/task", "µs", 1);
    public static readonly Metric GeneratorCpuPerTask = new("load CPU µs/task", "µs", 1);
    public static readonly Metric DatabaseCpu = new("database CPU µs/cycle", "µs", 1);
    public static readonly Metric DatabaseCpuPerTask = new("database CPU µs/task", "µs", 1);
    public static readonly Metric WakeP50 = new("submit to worker p50 ms", "ms", 2);
    public static readonly Metric WakeP99 = new("p99 ms", "ms", 2);
    public static readonly Metric WakesPerSecond = new("wake-ups/s", "1/s", 0);
    public static readonly Metric ResidentPerPoll = new("KB a poll", "KB", 1);
    public static readonly Metric IdleCpu = new("server CPU ms/s", "ms/s", 1);
    public static readonly Metric FileCalls = new("file reads and writes/s", "1/s", 1);
    public static readonly Metric ResidentPeak = new("peak RSS MB", "MB", 0);
    public static readonly Metric Resident = new("RSS MB", "MB", 0);
    public static readonly Metric Bad = new("bad", "answers", 0);
    public static readonly Metric StatsP50 = new("/stats p50 ms", "ms", 3);
    public static readonly Metric Scrape = new("scrape ms", "ms", 1);
    public static readonly Metric ScrapeBytes = new("KB a scrape", "KB", 0);
    public static readonly Metric Overview = new("overview ms", "ms", 1);
    public static readonly Metric OverviewBytes = new("overview KB", "KB", 0);
    public static readonly Metric OperationTime = new("operation s", "s", 1);
    public static readonly Metric FileSpeed = new("MiB/s", "MiB/s", 0);
    public static readonly Metric Start = new("start to /health ms", "ms", 0);

    public static readonly Metric TaskP50 = new("task p50 ms", "ms", 1);
    public static readonly Metric TaskP99 = new("task p99 ms", "ms", 1);
    public static readonly Metric TasksPerSecond = new("tasks/s", "1/s", 0);
    public static readonly Metric FirstResult = new("first result ms", "ms", 0);
    public static readonly Metric PageReady = new("page ready ms", "ms", 0);

    /// <summary>The same metric, one server's divided by another's.</summary>
    public Metric AsRatio() => this with { Unit = "ratio", Decimals = 2 };
}
