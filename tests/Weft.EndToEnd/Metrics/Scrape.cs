using System.Globalization;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Metrics;

/// <summary>One line of a scrape.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>What <c>/metrics</c> told, in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ') is ["#", "TYPE", var name, var type]) Types.Add(name, type);
            if (!line.StartsWith('#')) All.Add(Read(line));
        }
    }

    public string Text { get; }

    /// <summary>The type of each metric by its name.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public List<Series> All { get; } = [];

    public static async Task<Scrape> OfAsync(Wire wire)
    {
        var answer = await wire.GetAsync("/metrics");
        Assert.True(answer.Status == 200, answer.ToString());
        return new(answer.Text);
    }

    /// <summary>A scrape of which this is so; numbers may be a second old.</summary>
    public static Task<Scrape> WithAsync(Wire wire, Func<Scrape, bool> isEnough) =>
        Eventually.SeeAsync("the metrics", () => OfAsync(wire), isEnough);

    /// <summary>The sum of all series of the name that have these labels.</summary>
    public double Sum(string name, params (string Name, string Value)[] labels) => All
        .Where(series => series.Name == name
            && Array.TrueForAll(labels, label => series.Labels.GetValueOrDefault(label.Name) == label.Value))
        .Sum(static series => series.Value);

    public override string ToString() => Text;

    private static Series Read(string line)
    {
        var parts = Line().Match(line);
        Assert.True(parts.Success, line);
        var labels = Label().Matches(parts.Groups[2].Value).ToDictionary(
            static label => label.Groups[1].Value, static label => label.Groups[2].Value);
        return new(parts.Groups[1].Value, labels, double.Parse(parts.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^([a-z_]+)(\{.*\})? ([-+.0-9A-Za-z]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
