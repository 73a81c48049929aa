using Weft.Bench.Servers;

namespace Weft.Bench.Report;

/// <summary>A row of the table: who was measured, doing what.</summary>
internal readonly record struct Cell(string Server, string Case);

/// <summary>
/// All that a scenario measured, a value a round, in the order in which it came. Table and JSON file are made from it.
/// </summary>
internal sealed class Samples(string title)
{
    private readonly Dictionary<(Cell Cell, Metric Metric), List<double>> values = [];

    public string Title => title;

    /// <summary>What a reader must know beside the figures, a line each.</summary>
    public List<string> Remarks { get; } = [];

    public IReadOnlyList<Cell> Cells => [.. values.Keys.Select(key => key.Cell).Distinct()];
    public IReadOnlyList<Metric> Metrics => [.. values.Keys.Select(key => key.Metric).Distinct()];

    public void Add(Cell cell, Metric metric, double value)
    {
        if (!values.TryGetValue((cell, metric), out var rounds)) values[(cell, metric)] = rounds = [];
        rounds.Add(value);
    }

    /// <summary>Null where this cell was not measured.</summary>
    public Spread? Find(Cell cell, Metric metric) =>
        values.TryGetValue((cell, metric), out var rounds) ? Spread.Of(rounds) : null;

    /// <summary>
    /// Says plainly who is not in the table, and why: a row that is silently absent reads as one that never was.
    /// </summary>
    public void AddMissing(IEnumerable<Server> servers) =>
        Remarks.AddRange(servers.Where(server => server.Missing is not null)
            .Select(server => $"{server.Name}: not measured ({server.Missing})"));

    /// <summary>Adds one cell divided by another, round by round: both sides of a round ran back to back, so that a
    /// machine that slows down between rounds slows both.</summary>
    public void AddRatio(Cell ratio, Samples source, Cell numerator, Cell denominator, Metric metric)
    {
        if (!source.values.TryGetValue((numerator, metric), out var above)
            || !source.values.TryGetValue((denominator, metric), out var below)) return;
        foreach (var (a, b) in above.Zip(below))
            if (b > 0) Add(ratio, metric.AsRatio(), a / b);
    }
}
