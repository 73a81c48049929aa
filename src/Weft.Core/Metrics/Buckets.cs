using System.Diagnostics.Metrics;

namespace Weft.Core.Metrics;

/// <summary>The upper bounds of histogram buckets.</summary>
public static class Buckets
{
    /// <summary>For durations of tasks, in seconds.</summary>
    public static InstrumentAdvice<double> Tasks { get; } = new()
    {
        HistogramBucketBoundaries = [.005, .025, .1, .5, 1, 5, 15, 60, 300, 1_800, 3_600, 21_600, 86_400],
    };

    /// <summary>For durations of requests and commits, in seconds.</summary>
    public static InstrumentAdvice<double> Requests { get; } = new()
    {
        HistogramBucketBoundaries = [.0002, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5],
    };

    /// <summary>For the number of operations in a commit.</summary>
    public static InstrumentAdvice<int> Operations { get; } = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024],
    };
}
