using System.Globalization;

namespace Weft.CommandLine;

/// <summary>A number of things, in words: <c>1 task</c>, <c>2 tasks</c>.</summary>
internal static class Counted
{
    /// <param name="count">How many.</param>
    /// <param name="thing">One of them; an s makes several.</param>
    public static string Of(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
