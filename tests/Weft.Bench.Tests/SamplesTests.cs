using Weft.Bench.Report;

namespace Weft.Bench.Tests;

public class SamplesTests
{
    private static readonly Cell Weft = new("weft", "32 conn");
    private static readonly Cell Floor = new("floor", "32 conn");

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1, 3)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5, 1, 4)]
    [InlineData(new double[] { 7 }, 7, 7, 7)]
    public void ASpread_IsTheMedianAndTheEnds(double[] rounds, double median, double min, double max) =>
        Assert.Equal(new Spread(median, min, max), Spread.Of(rounds));

    [Fact]
    public void ARatio_IsTakenRoundByRound_SoThatASlowRoundSlowsBothSides()
    {
        var samples = new Samples("cycles");
        foreach (var (weft, floor) in new[] { (8_000.0, 10_000.0), (400, 500), (4_000, 5_000) })
        {
            samples.Add(Weft, Metric.CyclesPerSecond, weft);
            samples.Add(Floor, Metric.CyclesPerSecond, floor);
        }

        var ratios = new Samples("ratios");
        ratios.AddRatio(Weft, samples, Weft, Floor, Metric.CyclesPerSecond);

        Assert.Equal(new Spread(0.8, 0.8, 0.8), ratios.Find(Weft, Metric.CyclesPerSecond.AsRatio()));
    }

    [Fact]
    public void ATable_ShowsWhatIsMissing_ByADash_AndRemarksBelow()
    {
        var samples = new Samples("Cycles");
        samples.Add(Floor, Metric.CyclesPerSecond, 12_345.6);
        samples.Add(Floor, Metric.CyclesPerSecond, 12_346.4);
        samples.Add(Weft, Metric.Bad, 0);
        samples.Remarks.Add("express: not measured (Node.js is not installed)");
        using var output = new StringWriter { NewLine = "\n" };

        TextTable.Write(output, samples);

        Assert.Equal("""

            Cycles
                            cycles/s  bad
            floor  32 conn    12,346    -
            weft   32 conn         -    0
            express: not measured (Node.js is not installed)

            """, output.ToString());
    }
}
