using System.Globalization;

namespace Weft.Serve;

/// <summary>How many files and connections the system lets this process have open.</summary>
internal static class OpenFiles
{
    // The runtime raises the soft limit to the hard one at start, so the hard one counts.
    private const int HardColumn = 4;

    /// <summary>Null if unknown, or if there is no limit.</summary>
    public static int? Max => OperatingSystem.IsLinux() ? Read(File.ReadLines("/proc/self/limits")) : null;

    private static int? Read(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var columns = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return columns.Length > HardColumn
            && int.TryParse(columns[HardColumn], NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max
            : null;
    }
}
