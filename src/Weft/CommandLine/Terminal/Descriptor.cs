using System.Runtime.InteropServices;

namespace Weft.CommandLine.Terminal;

/// <summary>What the system says and does about the descriptors that a process starts with.</summary>
internal static partial class Descriptor
{
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const int OpenReadWrite = 2;
    private const int WindowSizeOnLinux = 0x5413;

    /// <summary>
    /// Whether the process was given it. What the runtime has opened at its number since is closed on exec, and nothing
    /// that was given can be.
    /// </summary>
    public static bool WasGiven(int descriptor) =>
        Control(descriptor, GetFlags) is var flags && flags >= 0 && (flags & CloseOnExec) == 0;

    /// <summary>Opens it to nothing.</summary>
    public static bool OpenToNothing(int descriptor)
    {
        var nothing = Open("/dev/null", OpenReadWrite);
        return nothing >= 0 && (nothing == descriptor || Duplicate(nothing, descriptor) >= 0);
    }

    /// <returns>How many columns its terminal has; null when it is none, or doesn't say.</returns>
    public static int? Columns(int descriptor) => Size(descriptor)?.Columns is > 0 and var columns ? columns : null;

    /// <returns>How many rows its terminal has; null when it is none, or doesn't say.</returns>
    public static int? Rows(int descriptor) => Size(descriptor)?.Rows is > 0 and var rows ? rows : null;

    private static WindowSize? Size(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var size = default(WindowSize);
        return Ask(descriptor, WindowSizeOnLinux, ref size) == 0 ? size : null;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ask(int descriptor, nuint request, ref WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
