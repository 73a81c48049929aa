using System.Globalization;

namespace Weft.Bench.Report;

/// <summary>Samples as plain text: a row a cell, the median and (min–max) of its rounds.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static void Write(TextWriter output, Samples samples)
    {
        if (samples.Cells.Count == 0 && samples.Remarks.Count == 0) return;
        output.WriteLine();
        output.WriteLine(samples.Title);
        if (samples.Cells.Count > 0) WriteRows(output, samples);
        foreach (var remark in samples.Remarks) output.WriteLine(remark);
    }

    private static void WriteRows(TextWriter output, Samples samples)
    {
        List<string[]> rows = [["", "", .. samples.Metrics.Select(metric => metric.Name)]];
        rows.AddRange(
            samples.Cells.Select(cell =>
                (string[])[cell.Server, cell.Case,
                    .. samples.Metrics.Select(metric => Format(samples.Find(cell, metric), metric))]));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
            output.WriteLine(string.Join(Gap,
                row.Select((text, column) => column == 0 ? text.PadRight(widths[0]) : text.PadLeft(widths[column])))
                .TrimEnd());
    }

    private static string Format(Spread? spread, Metric metric)
    {
        if (spread is not { } s) return "-";
        var (median, min, max) = (Number(s.Median), Number(s.Min), Number(s.Max));
        return min == max ? median : $"{median} ({min}–{max})";

        string Number(double value) => value.ToString($"N{metric.Decimals}", CultureInfo.InvariantCulture);
    }
}
