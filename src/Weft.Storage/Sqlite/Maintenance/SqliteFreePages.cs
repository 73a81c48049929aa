using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>Gives free pages back to the disk, a little at a time.</summary>
internal static class SqliteFreePages
{
    /// <summary>
    /// Pages that stay free while there is work, since they are used again by themselves: 64 MB, about what a busy hour
    /// leaves.
    /// </summary>
    public const int KeptWhileBusy = 16_384;

    // 4 MB a step: a caller beside it must not notice.
    private const int PagesPerStep = 1_024;

    /// <summary>False: there was no more than is kept.</summary>
    public static bool GiveBack(SqliteConnection connection, int kept)
    {
        if (connection.ReadLong("PRAGMA freelist_count") <= kept) return false;
        connection.Execute($"PRAGMA incremental_vacuum({PagesPerStep})");
        return true;
    }
}
