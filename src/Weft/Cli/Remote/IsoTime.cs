using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>Times for tables: ISO 8601 UTC, to the millisecond: 2026-11-28T15:04:05.123Z.</summary>
internal static class IsoTime
{
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
