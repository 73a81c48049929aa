namespace Weft.CommandLine;

/// <summary>A setting's placeholder in <c>--help</c>: its unit, or the kind of value.</summary>
internal static class SettingUnit
{
    /// <param name="name">The setting's, without the dashes.</param>
    /// <param name="type">The type of its value.</param>
    public static string Of(string name, Type type) => name switch
    {
        "port" => "port",
        "host" => "address",
        "access" => "open|tokens",
        "data" or "web" => "folder",
        "store" => "connection",
        "public-name" => "names",
        "cors-origins" => "origins",
        "trusted-proxies" => "networks",
        "min-data-rate" => "bytes-per-second",
        _ when name.StartsWith("tls-", StringComparison.Ordinal) => "file",
        _ when name.Contains("-rate-", StringComparison.Ordinal) => "per-second",
        _ when name.Contains("-bytes", StringComparison.Ordinal) => "bytes",
        _ when name.EndsWith("-seconds", StringComparison.Ordinal) => "seconds",
        _ when type == typeof(TimeSpan) => "time",
        _ when type == typeof(int) || type == typeof(long) => "number",
        _ => "text",
    };
}
