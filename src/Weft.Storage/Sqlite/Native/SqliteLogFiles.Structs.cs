using System.Runtime.CompilerServices;

namespace Weft.Storage.Sqlite.Native;

/// <content>
/// Files and file systems as SQLite has them in memory: sqlite3_file, sqlite3_io_methods and sqlite3_vfs of sqlite3.h.
/// </content>
internal static unsafe partial class SqliteLogFiles
{
    // SQLite fills them.
#pragma warning disable CS0649, CS0169
    private struct OpenFile
    {
        public FileMethods* Methods;
    }

    private struct FileMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, void*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, void*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> Size;
        private readonly Twelve _rest;
    }

    private struct FileSystem
    {
        public int Version;
        public int FileBytes;
        public int PathMax;
        public FileSystem* Next;
        public nint Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<FileSystem*, byte*, OpenFile*, int, int*, int> Open;
        private readonly Fifteen _rest;
    }

    [InlineArray(12)]
    private struct Twelve
    {
        private nint _first;
    }

    [InlineArray(15)]
    private struct Fifteen
    {
        private nint _first;
    }
#pragma warning restore CS0649, CS0169
}
