using Weft.Storage.Sqlite.Maintenance;

namespace Weft.Cli.Store;

/// <summary>The message about a store that an older version wrote.</summary>
internal static class Older
{
    /// <summary>A sentence with a space before it; empty for a store of this version.</summary>
    public static string Of(StoreFindings found) => found.OlderSchema is not { } schema ? ""
        : $" An older Weft wrote it (schema {schema}): only its pages and indexes were checked.";
}
