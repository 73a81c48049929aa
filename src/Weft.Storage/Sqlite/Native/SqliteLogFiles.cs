using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Weft.Storage.Sqlite.Native.SqliteNative;

namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// A file system for SQLite (https://sqlite.org/vfs.html): the system's own, but for the log, which every commit writes
/// and syncs.
/// SQLite writes each page of it in two calls; here what lies side by side is written in one. And the library that we
/// ship syncs by <c>fsync</c>, which also makes the time of the last change durable, at the price of another write;
/// here it is
/// <c>fdatasync</c>. A checkpoint reads it page by page; here, what lies side by side is read in one, too.
/// </summary>
internal static unsafe partial class SqliteLogFiles
{
    private const int OpenLog = 0x80000;
    private const int IoErrorSync = IoError | (4 << 8);

    // Most commits fit; a longer one is written in parts. SQLite's own write takes no more than 17 bits of length.
    private const int HeldBytesMax = 120 * 1024;

    // What the log says of a page stands before it.
    private const int FrameHeaderBytes = 24;

    // SYNC_FILE_RANGE_WRITE of sync_file_range(2).
    private const uint BeginWriting = 2;

    // O_RDONLY | O_CLOEXEC of open(2).
    private const int OpenForSync = 0x80000;

    private static readonly Lock Registering = new();
    private static FileSystem* _system;
    private static FileMethods* _plain;
    private static FileMethods* _joining;
    private static delegate* unmanaged[Cdecl]<byte*, int, int> _open;
    private static delegate* unmanaged[Cdecl]<int, int> _close;
    private static delegate* unmanaged[Cdecl]<int, int> _syncData;
    private static delegate* unmanaged[Cdecl]<int, long, long, uint, int> _syncRange;
    private static int _checkpoints;

    [ThreadStatic]
    private static bool t_defersSync;

    [ThreadStatic]
    private static int t_checkpoint;

    /// <summary>
    /// While it is true, commits of this thread are written and not synced: the next commit that is synced brings them
    /// along. The order of commits is kept, so a crash takes the last ones, and the database stays whole.
    /// </summary>
    public static bool DefersSync
    {
        set => t_defersSync = value;
    }

    /// <summary>
    /// This thread copies a log into its database: what it reads there has been committed and doesn't change until the
    /// end of that.
    /// </summary>
    public static void BeginCheckpoint() => t_checkpoint = Math.Max(1, Interlocked.Increment(ref _checkpoints));

    public static void EndCheckpoint() => t_checkpoint = 0;

    /// <summary>
    /// The name to open a database with; null, which is the system's own, where that isn't Linux or not as we know it.
    /// </summary>
    public static string? Name { get; } = Register();

    private static string? Register()
    {
        const string name = "weft";
        // Looked up in the main program, so that a library preloaded before the C library also intercepts these calls.
        var program = NativeLibrary.GetMainProgramHandle();
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryGetExport(program, "open", out var open)
            || !NativeLibrary.TryGetExport(program, "close", out var close)
            || !NativeLibrary.TryGetExport(program, "fdatasync", out var syncData)) return null;
        _system = (FileSystem*)sqlite3_vfs_find(0);
        if (_system == null || _system->Version < 3) return null;
        _open = (delegate* unmanaged[Cdecl]<byte*, int, int>)open;
        _close = (delegate* unmanaged[Cdecl]<int, int>)close;
        _syncData = (delegate* unmanaged[Cdecl]<int, int>)syncData;
        _ = NativeLibrary.TryGetExport(program, "sync_file_range", out var syncRange);
        _syncRange = (delegate* unmanaged[Cdecl]<int, long, long, uint, int>)syncRange;

        // SQLite keeps it for as long as the process lives.
        var ours = (FileSystem*)NativeMemory.Alloc((nuint)sizeof(FileSystem));
        *ours = *_system;
        ours->Next = null;
        ours->Name = Marshal.StringToCoTaskMemUTF8(name);
        ours->FileBytes = LogOffset + sizeof(LogFile);
        ours->Open = &Open;
        return sqlite3_vfs_register((nint)ours, 0) == Ok ? name : null;
    }

    // Behind what the system's own keeps of a file.
    private static int LogOffset => (_system->FileBytes + 7) & ~7;

    private static LogFile* Of(OpenFile* file) => (LogFile*)((byte*)file + LogOffset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(FileSystem* ours, byte* path, OpenFile* file, int flags, int* flagsOut)
    {
        var code = _system->Open(_system, path, file, flags, flagsOut);
        if (code != Ok || (flags & OpenLog) == 0 || !IsKnown(file->Methods)) return code;
        var log = Of(file);
        *log = default;
        log->Descriptor = _open(path, OpenForSync);
        if (log->Descriptor < 0) return code;
        log->Bytes = (byte*)sqlite3_malloc(HeldBytesMax);
        if (log->Bytes == null) _ = _close(log->Descriptor);
        else file->Methods = _joining;
        return code;
    }

    /// <summary>
    /// Whether the file is of the kind that we know to complete: the first that comes, and all like it.
    /// </summary>
    private static bool IsKnown(FileMethods* methods)
    {
        lock (Registering)
        {
            if (_plain != null || methods == null) return _plain == methods;
            _joining = (FileMethods*)NativeMemory.Alloc((nuint)sizeof(FileMethods));
            *_joining = *methods;
            _joining->Close = &Close;
            _joining->Read = &Read;
            _joining->Write = &Write;
            _joining->Truncate = &Truncate;
            _joining->Sync = &Sync;
            _joining->Size = &Size;
            _plain = methods;
            return true;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
    {
        var log = Of(file);
        var written = WriteHeld(file, log);
        sqlite3_free((nint)log->Bytes);
        _ = _close(log->Descriptor);
        var closed = _plain->Close(file);
        return written == Ok ? closed : written;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, void* bytes, int count, long at)
    {
        var log = Of(file);
        var code = WriteHeld(file, log);
        if (code != Ok) return code;
        if (t_checkpoint != 0)
        {
            var isNext = at == log->ReadTo + FrameHeaderBytes;
            log->ReadTo = at + count;
            if (isNext && !log->HasRead(at, count)) ReadAhead(file, log, at);
            if (log->HasRead(at, count))
            {
                Unsafe.CopyBlockUnaligned(bytes, log->Bytes + (at - log->At), (uint)count);
                return Ok;
            }
        }

        return _plain->Read(file, bytes, count, at);
    }

    // Nothing where the log ends before that, or the disk fails: then SQLite reads what it wants, and hears of it.
    private static void ReadAhead(OpenFile* file, LogFile* log, long at)
    {
        var isRead = _plain->Read(file, log->Bytes, HeldBytesMax, at) == Ok;
        (log->At, log->Read, log->ReadIn) = (at, isRead ? HeldBytesMax : 0, t_checkpoint);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, void* bytes, int count, long at)
    {
        var log = Of(file);
        log->IsBegunAnew |= at == 0;
        if (at != log->At + log->Held || log->Held + count > HeldBytesMax)
        {
            var code = WriteHeld(file, log);
            if (code != Ok) return code;
            if (count > HeldBytesMax) return _plain->Write(file, bytes, count, at);
            log->At = at;
        }

        Unsafe.CopyBlockUnaligned(log->Bytes + log->Held, bytes, (uint)count);
        log->Held += count;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(OpenFile* file, long size)
    {
        var code = WriteHeld(file, Of(file));
        return code == Ok ? _plain->Truncate(file, size) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Size(OpenFile* file, long* size)
    {
        var code = WriteHeld(file, Of(file));
        return code == Ok ? _plain->Size(file, size) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags)
    {
        var log = Of(file);
        var code = WriteHeld(file, log);
        if (code != Ok) return code;
        // A log that begins anew must be known to, before its first frames: those behind them are of an older one.
        if (t_defersSync && log->IsNamed && !log->IsBegunAnew)
        {
            // The disk has less to do when it is synced then. What it answers means nothing.
            if (_syncRange != null) _ = _syncRange(log->Descriptor, 0, 0, BeginWriting);
            return Ok;
        }

        log->IsBegunAnew = false;
        if (log->IsNamed) return _syncData(log->Descriptor) == 0 ? Ok : IoErrorSync;

        // SQLite's own, the first time: it syncs the folder as well, which may not know the file's name yet.
        code = _plain->Sync(file, flags);
        log->IsNamed = code == Ok;
        return code;
    }

    private static int WriteHeld(OpenFile* file, LogFile* log)
    {
        if (log->Held == 0) return Ok;
        var count = log->Held;
        log->Held = 0;
        return _plain->Write(file, log->Bytes, count, log->At);
    }

    /// <summary>What we keep of a log.</summary>
    private struct LogFile
    {
        /// <summary>The same file, opened once more: SQLite doesn't tell the number of its own.</summary>
        public int Descriptor;

        /// <summary>Whether the folder is sure to know the file.</summary>
        public bool IsNamed;

        /// <summary>Whether its header was written since the last sync.</summary>
        public bool IsBegunAnew;

        /// <summary>What was written and not yet handed on.</summary>
        public byte* Bytes;
        public int Held;
        public long At;

        /// <summary>Or bytes that were read ahead, in which checkpoint, and where the last read ended.</summary>
        public int Read;
        public int ReadIn;
        public long ReadTo;

        public readonly bool HasRead(long at, int count) =>
            ReadIn == t_checkpoint && at >= At && at + count <= At + Read;
    }
}
