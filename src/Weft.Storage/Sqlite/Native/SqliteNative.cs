using System.Runtime.InteropServices;

namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// The few functions of SQLite's C interface that the engine calls (https://sqlite.org/c3ref/funclist.html).
/// Those that only touch memory skip the garbage collector's transition: they are called dozens of times for each task.
/// </summary>
internal static unsafe partial class SqliteNative
{
    private const string Library = "e_sqlite3";

    public const int Ok = 0;
    public const int Busy = 5;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadOnly = 0x1;
    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;
    public const int OpenUri = 0x40;

    /// <summary>The connection is used by one thread at a time: no mutex inside.</summary>
    public const int OpenNoMutex = 0x8000;

    public const int CheckpointPassive = 0;
    public const int CheckpointTruncate = 3;
    public const int PreparePersistent = 1;

    public const int ConfigMemoryStatus = 9;
    public const int DbConfigKeepLogOnClose = 1006;
    public const int DbConfigStablePlans = 1007;

    public static readonly nint Transient = -1;
    public static readonly nint Static;

    [LibraryImport(Library)]
    public static partial int sqlite3_libversion_number();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_open_v2(string path, out nint db, int flags, string? vfs);

    [LibraryImport(Library)]
    public static partial nint sqlite3_vfs_find(nint name);

    [LibraryImport(Library)]
    public static partial int sqlite3_vfs_register(nint vfs, int makeDefault);

    [LibraryImport(Library)]
    public static partial nint sqlite3_malloc(int bytes);

    [LibraryImport(Library)]
    public static partial void sqlite3_free(nint memory);

    [LibraryImport(Library)]
    public static partial int sqlite3_close_v2(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_extended_result_codes(nint db, int on);

    [LibraryImport(Library)]
    public static partial int sqlite3_busy_timeout(nint db, int milliseconds);

    [LibraryImport(Library)]
    public static partial nint sqlite3_errmsg(nint db);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_exec(nint db, string sql, nint callback, nint argument, nint error);

    [LibraryImport(Library)]
    public static partial int sqlite3_prepare_v3(
        nint db, byte* sql, int bytes, uint flags, out nint statement, out byte* tail);

    [LibraryImport(Library)]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_bind_double(nint statement, int index, double value);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_text(nint statement, int index, byte* text, int bytes, nint destructor);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_blob(nint statement, int index, byte* blob, int bytes, nint destructor);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial double sqlite3_column_double(nint statement, int column);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_get_autocommit(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_wal_checkpoint_v2(
        nint db, byte* name, int mode, out int framesInLog, out int framesDone);

    [LibraryImport(Library)]
    public static partial nint sqlite3_wal_hook(
        nint db, delegate* unmanaged[Cdecl]<int*, nint, byte*, int, int> hook, int* argument);

    /// <summary>SQLite's message for the connection's last error.</summary>
    public static string ErrorText(nint db) => Marshal.PtrToStringUTF8(sqlite3_errmsg(db)) ?? "unknown error";
}
