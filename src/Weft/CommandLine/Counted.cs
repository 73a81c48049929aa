using System.Globalization;

namespace Weft.CommandLine;

/// <summary>A number with its noun: <c>1 task</c>, <c>2 tasks</c>.</summary>
internal static class Counted
{
    /// <param name="count">The number.</param>
    /// <param name="thing">The singular; the plural adds an s.</param>
    public static string Of(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
