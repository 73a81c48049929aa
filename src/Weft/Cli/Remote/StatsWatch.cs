using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>
/// The lines of <c>weft stats --watch</c>: the time, the counts, and the tasks completed per second since the previous
/// line.
/// </summary>
internal sealed class StatsWatch(TimeProvider time)
{
    private static readonly int TimeChars = IsoTime.Of(DateTimeOffset.UnixEpoch).Length;

    private (long Completed, long At)? _before;

    public static string Head => $"{"TIME".PadRight(TimeChars)}  {StatsLine.Head}  {"COMPLETED/S",11}";

    public string Next(StatsLine stats)
    {
        var now = time.GetTimestamp();
        // Retention deletes completed tasks: their count may fall.
        var perSecond = _before is { } before && time.GetElapsedTime(before.At, now).TotalSeconds is > 0 and var seconds
            ? Math.Max(0, stats.Completed - before.Completed) / seconds
            : (double?)null;
        _before = (stats.Completed, now);
        var rate = perSecond?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";
        return $"{IsoTime.Of(time.GetUtcNow())}  {stats}  {rate,11}";
    }
}
