using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Returns free pages to the disk, a little at a time.</summary>
internal static class SqliteFreePages
{
    /// <summary>
    /// Pages that stay free while there is work, since they will be reused: 64 MB, about what a busy hour leaves.
    /// </summary>
    public const int KeptWhileBusy = 16_384;

    // 4 MB a step: other callers must not notice.
    private const int PagesPerStep = 1_024;

    /// <summary>False: there were no more free pages than are kept.</summary>
    public static bool GiveBack(SqliteConnection connection, int kept)
    {
        if (connection.ReadLong("PRAGMA freelist_count") <= kept) return false;
        connection.Execute($"PRAGMA incremental_vacuum({PagesPerStep})");
        return true;
    }
}
