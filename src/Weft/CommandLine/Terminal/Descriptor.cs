using System.Runtime.InteropServices;

namespace Weft.CommandLine.Terminal;

/// <summary>System calls on the descriptors that a process starts with.</summary>
internal static partial class Descriptor
{
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const int OpenReadWrite = 2;
    private const int WindowSizeOnLinux = 0x5413;

    /// <summary>
    /// Whether the process inherited it. Files that the runtime opens are close-on-exec, and inherited descriptors
    /// can't be.
    /// </summary>
    public static bool WasGiven(int descriptor) =>
        Control(descriptor, GetFlags) is var flags && flags >= 0 && (flags & CloseOnExec) == 0;

    /// <summary>Opens it to <c>/dev/null</c>.</summary>
    public static bool OpenToNothing(int descriptor)
    {
        var nothing = Open("/dev/null", OpenReadWrite);
        return nothing >= 0 && (nothing == descriptor || Duplicate(nothing, descriptor) >= 0);
    }

    /// <returns>The number of its terminal's columns; null if it isn't a terminal, or they are unknown.</returns>
    public static int? Columns(int descriptor) => Size(descriptor)?.Columns is > 0 and var columns ? columns : null;

    /// <returns>The number of its terminal's rows; null if it isn't a terminal, or they are unknown.</returns>
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
