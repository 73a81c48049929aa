using System.Globalization;

namespace Weft.Bench.Servers;

/// <summary>What a server of many processes has spent.</summary>
internal static class ProcessTime
{
    // The kernel's USER_HZ: 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of the process, of its children, and of those children that have ended.</summary>
    public static TimeSpan OfFamily(int process) =>
        TimeSpan.FromSeconds((Ticks(process, own: 4) + Children(process).Sum(child => Ticks(child, own: 2)))
            / TicksPerSecond);

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    /// <param name="process">Its id; one that has ended counts nothing, since its time is in its parent's.</param>
    /// <param name="own">2: utime and stime; 4: those of children that were waited for as well (fields 14 to 17 of
    /// proc(5)).</param>
    private static long Ticks(int process, int own)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // The name in parentheses may hold spaces; the field after it is the third.
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(own)
                .Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
