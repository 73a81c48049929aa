using System.Globalization;
using Weft.CommandLine.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// How far something is, as a line of text that leaves out what doesn't fit: first the bar, then what is least missed.
/// </summary>
internal static class ProgressText
{
    private const int BarColumns = 20;
    private const int BarRoomMin = 76;
    private const string Gap = "  ";

    /// <param name="done">Of them.</param>
    /// <param name="total">So far, while more may come.</param>
    /// <param name="isWhole">False: more may come.</param>
    /// <param name="failed">Of the done ones.</param>
    /// <param name="perSecond">Null while it isn't known.</param>
    /// <param name="columns">The room that there is.</param>
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
