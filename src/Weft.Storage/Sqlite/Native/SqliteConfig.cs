using System.Runtime.InteropServices;

namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// The two functions of SQLite whose last arguments are C varargs (<c>…</c>). Most platforms pass these like fixed
/// ones. Apple's arm64 passes them only on the stack: there, unused arguments fill the registers before them.
/// </summary>
internal static partial class SqliteConfig
{
    private const string Library = "e_sqlite3";

    private static readonly bool IsOnStack = OperatingSystem.IsMacOS()
        && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>
    /// Sets an option of the library (https://sqlite.org/c3ref/c_config_covering_index_scan.html), before its first
    /// use.
    /// </summary>
    public static int Set(int option, int value) => IsOnStack
        ? ConfigOnStack(option, 0, 0, 0, 0, 0, 0, 0, value)
        : Config(option, value);

    /// <summary>Sets an option of a connection (https://sqlite.org/c3ref/c_dbconfig_defensive.html).</summary>
    public static int Set(nint db, int option, int value) => IsOnStack
        ? ConfigOnStack(db, option, 0, 0, 0, 0, 0, 0, value, 0)
        : Config(db, option, value, 0);

    [LibraryImport(Library, EntryPoint = "sqlite3_config")]
    private static partial int Config(int option, int value);

    [LibraryImport(Library, EntryPoint = "sqlite3_db_config")]
    private static partial int Config(nint db, int option, int value, nint result);

    [LibraryImport(Library, EntryPoint = "sqlite3_config")]
    private static partial int ConfigOnStack(
        int option, nint x1, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_db_config")]
    private static partial int ConfigOnStack(
        nint db, int option, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint value, nint result);
}
