using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>Times for tables: ISO 8601 UTC, to the second.</summary>
internal static class IsoTime
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";
}
