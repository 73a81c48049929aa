using System.Runtime.InteropServices;

namespace Weft.Torture.Targets;

/// <summary>What .NET has no words for.</summary>
internal static partial class Syscalls
{
    public const int SignalTerminate = 15;
    public const int SignalContinue = 18;
    public const int SignalStop = 19;

    private const int OpenReadOnly = 0;

    // https://github.com/torvalds/linux/blob/master/include/uapi/linux/ext4.h: _IOR('X', 125, __u32), and
    // EXT4_GOING_FLAGS_NOLOGFLUSH.
    private const nuint Ext4Shutdown = 0x8004587d;
    private const uint WithoutFlushingTheJournal = 2;

    public static bool IsRoot => geteuid() == 0;

    public static void Signal(int process, int signal)
    {
        if (kill(process, signal) != 0)
            throw new InvalidOperationException($"kill -{signal} {process}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>
    /// Takes an ext4 file system away from under everybody, with nothing flushed: what its disk holds is what a power
    /// cut leaves.
    /// </summary>
    public static void CutPower(string mountPoint)
    {
        var folder = open(mountPoint, OpenReadOnly);
        var flag = WithoutFlushingTheJournal;
        var failed = folder < 0 || ioctl(folder, Ext4Shutdown, ref flag) != 0;
        var error = Marshal.GetLastPInvokeError();
        if (folder >= 0) _ = close(folder);
        if (failed) throw new InvalidOperationException($"EXT4_IOC_SHUTDOWN on {mountPoint}: error {error}");
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, ref uint argument);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
