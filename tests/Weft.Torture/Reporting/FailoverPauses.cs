namespace Weft.Torture.Reporting;

/// <summary>How long nothing could be changed, of each failover.</summary>
internal sealed class FailoverPauses
{
    private readonly List<TimeSpan> _first = [];
    private readonly List<TimeSpan> _all = [];
    private readonly List<TimeSpan> _promotion = [];

    /// <param name="first">From the kill to the first change that a coordinator took.</param>
    /// <param name="all">From the kill until each of them had taken one.</param>
    /// <param name="promotion">How much of it the database took to promote the standby.</param>
    public void Add(TimeSpan first, TimeSpan all, TimeSpan promotion)
    {
        _first.Add(first);
        _all.Add(all);
        _promotion.Add(promotion);
    }

    public string Text => _first.Count == 0
        ? "no failover was timed"
        : $"{_first.Count} failovers: from the kill to the first change taken {Spread(_first)}, by the last " +
            $"coordinator {Spread(_all)}; of it the promotion {Spread(_promotion)}";

    private static string Spread(List<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        var (median, longest) = (sorted[(sorted.Count - 1) / 2].TotalSeconds, sorted[^1].TotalSeconds);
        return FormattableString.Invariant($"p50 {median:F2} s, max {longest:F2} s");
    }
}
