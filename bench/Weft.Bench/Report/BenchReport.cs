using System.Text.Json.Serialization;

namespace Weft.Bench.Report;

/// <summary>
/// The JSON file: where and when it was measured, and each figure by itself, so that runs can be compared by a script.
/// </summary>
internal sealed record BenchReport(DateTimeOffset MeasuredAt, string Machine, int Cores, string StoreFileSystem,
    IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes);

/// <summary>
/// One field of one table. <paramref name="Unit"/> is "ratio" where one server is divided by another.
/// </summary>
internal sealed record Figure(string Table, string Server, string Case, string Metric, string Unit, double Median,
    double Min, double Max)
{
    public static IEnumerable<Figure> Of(Samples samples) =>
        from cell in samples.Cells
        from metric in samples.Metrics
        let spread = samples.Find(cell, metric)
        where spread is not null
        select new Figure(samples.Title, cell.Server, cell.Case, metric.Name, metric.Unit, spread.Value.Median,
            spread.Value.Min, spread.Value.Max);
}

[JsonSerializable(typeof(BenchReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class BenchJson : JsonSerializerContext;
