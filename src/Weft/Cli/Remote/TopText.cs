using System.Globalization;
using Weft.CommandLine;
using Weft.CommandLine.Text;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// The lines of <c>weft top</c>. Items that need attention come first, since the last lines may be cut off.
/// </summary>
internal static class TopText
{
    public static IReadOnlyList<string> Lines(Overview overview)
    {
        var (counts, workers, rates) = (overview.Counts, overview.Workers, overview.PerSecond);
        var lines = new List<string>
        {
            $"weft {OneLine.Of(overview.Version)} on {overview.Engine}, " +
                $"up {DurationText.Of(overview.UptimeSeconds)}, {IsoTime.Of(overview.At)}" +
                (overview.Ready ? "" : ", NOT READY"),
            $"Tasks: {counts.Scheduled} scheduled, {counts.Ready} ready, {counts.Leased} leased, {counts.Dead} dead. " +
                $"Workers: {workers.Active} active, {workers.Waiting} waiting, {workers.Silent} silent.",
            $"Per second: {Rate(rates.Submitted)} submitted, {Rate(rates.Claimed)} claimed, " +
                $"{Rate(rates.Completed)} completed, {Rate(rates.Failed)} failed, {Rate(rates.Dead)} died.",
            "",
        };
        lines.AddRange(overview.Attention.Select(static item =>
            $"! {(item.Queue is { } queue ? $"{OneLine.Of(queue)}: " : "")}{OneLine.Of(item.Detail)}" +
            $"{(item.Count is { } count ? $" ({count})" : "")}"));
        if (overview.Attention.Count > 0) lines.Add("");
        lines.AddRange(Queues(overview));
        if (overview.QueuesTotal > overview.Queues.Count)
        {
            lines.Add($"… and {Counted.Of(overview.QueuesTotal - overview.Queues.Count, "queue")} with fewer tasks.");
        }

        return lines;
    }

    private static IEnumerable<string> Queues(Overview overview)
    {
        var table = new TextTable("QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "DEAD", "IN/S", "DONE/S",
            "FAILED/S", "WORKERS", "UNSERVED");
        foreach (var queue in overview.Queues)
        {
            var rates = queue.PerSecond;
            table.Add(queue.Name, queue.Paused ? "paused" : "open", queue.Counts.Scheduled, queue.Counts.Ready,
                queue.Counts.Leased, queue.Counts.Dead, Rate(rates.Submitted), Rate(rates.Completed),
                Rate(rates.Failed), queue.Workers, queue.Unserved);
        }

        return table.Lines();
    }

    private static string Rate(double perSecond) => perSecond.ToString("0.0", CultureInfo.InvariantCulture);
}
