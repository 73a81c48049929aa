using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// Locks a file by its inode, whatever name it was opened by, until the handle is closed: an open file description lock
/// (https://man7.org/linux/man-pages/man2/fcntl.2.html). SQLite's own locks would be lost with any handle that this
/// process closes.
/// </summary>
internal static partial class FileHold
{
    private const int SetLock = 37;
    private const short WriteLock = 1;
    private const short Unlock = 2;
    private const int Again = 11;
    private const int Denied = 13;

    // Far beyond the bytes that SQLite locks, and beyond any database.
    private const long At = long.MaxValue - 1;

    /// <summary>False: another process holds it. Also true if the system doesn't support such locks.</summary>
    public static bool TryTake(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) return true;
        return Set(file, WriteLock) || Marshal.GetLastPInvokeError() is not (Again or Denied);
    }

    /// <summary>
    /// Unlocks it before its handle is closed. A child that this process has forked and that has yet to run its program
    /// has a copy of the handle: closing only ours would leave the lock with it for a moment.
    /// </summary>
    public static void Release(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux() && !file.IsClosed) Set(file, Unlock);
    }

    private static bool Set(SafeFileHandle file, short type)
    {
        var range = new LockRange { Type = type, Start = At, Length = 1 };
        return Control(file, SetLock, ref range) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref LockRange range);

    /// <summary>struct flock of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockRange
    {
        public short Type;
        public short From;
        public long Start;
        public long Length;
        public int Process;
    }
}
