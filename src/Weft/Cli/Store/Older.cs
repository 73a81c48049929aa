using Weft.Storage.Sqlite.Maintenance;

namespace Weft.Cli.Store;

/// <summary>What is said of a store that an older version wrote.</summary>
internal static class Older
{
    /// <summary>A sentence with a space before it; nothing for a store of this version.</summary>
    public static string Of(StoreFindings found) => found.OlderSchema is not { } schema ? ""
        : $" An older Weft wrote it (schema {schema}): only its pages and indexes were checked.";
}
