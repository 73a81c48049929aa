using System.Globalization;
using Weft.CommandLine.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// Formats progress as one line of text. If it doesn't fit, the bar is dropped first, then the least important parts.
/// </summary>
internal static class ProgressText
{
    private const int BarColumns = 20;
    private const int BarRoomMin = 76;
    private const string Gap = "  ";

    /// <param name="done">The number of items done.</param>
    /// <param name="total">The total so far; it may still grow.</param>
    /// <param name="isWhole">False: the total may still grow.</param>
    /// <param name="failed">How many of the done ones failed.</param>
    /// <param name="perSecond">Null if unknown.</param>
    /// <param name="columns">The available width.</param>
    public static string Of(long done, long total, bool isWhole, long failed, double? perSecond, int columns)
    {
        var part = total > 0 ? Math.Clamp((double)done / total, 0, 1) : 0;
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{done} of {total}{(isWhole ? "" : "+")}"),
            string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(part * 100):0}%")];
        if (failed > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{failed} failed"));
        if (isWhole && perSecond is > 0 && done < total)
        {
            parts.Add($"{DurationText.Of(Math.Ceiling((total - done) / perSecond.Value))} left");
        }

        if (perSecond is > 0) parts.Add($"{Rate(perSecond.Value)}/s");
        var text = parts[0];
        foreach (var each in parts.Skip(1))
        {
            if (text.Length + Gap.Length + each.Length > columns) break;
            text += Gap + each;
        }

        if (columns < BarRoomMin) return text;
        var filled = (int)Math.Round(part * BarColumns);
        return $"{new string('━', filled)}{new string('─', BarColumns - filled)}{Gap}{text}";
    }

    private static string Rate(double perSecond) =>
        perSecond.ToString(perSecond < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
