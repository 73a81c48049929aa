using System.Globalization;

namespace Weft.CommandLine.Text;

/// <summary>
/// How long something took, or will take, by its two largest units and without blanks: <c>40ms</c>, <c>12s</c>,
/// <c>3m20s</c>, <c>2h05m</c>, <c>5d</c>.
/// </summary>
internal static class DurationText
{
    /// <param name="seconds">0 or more.</param>
    public static string Of(double seconds) => seconds switch
    {
        < 1 => Text($"{Math.Floor(seconds * 1_000):0}ms"),
        < 60 => Text($"{Math.Floor(seconds):0}s"),
        < 3_600 => Text($"{Math.Floor(seconds / 60):0}m{Math.Floor(seconds % 60):00}s"),
        < 86_400 * 2 => Text($"{Math.Floor(seconds / 3_600):0}h{Math.Floor(seconds % 3_600 / 60):00}m"),
        _ => Text($"{Math.Floor(seconds / 86_400):0}d"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
