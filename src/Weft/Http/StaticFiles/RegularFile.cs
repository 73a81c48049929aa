using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Weft.Http.StaticFiles;

/// <summary>Tells regular files from pipes, sockets and devices without opening them: opening a pipe can block forever.</summary>
internal static partial class RegularFile
{
    /// <summary>Whether the file (not a link) exists and holds, or could hold, bytes of its own.</summary>
    public static bool Is(FileInfo file)
    {
        if (!file.Exists) return false;

        // Only an empty file needs the question: what is not a file has no length.
        if (file.Length > 0) return true;

        // Where there is no statx (macOS), skip empty files rather than risk a request that never ends.
        return OperatingSystem.IsLinux() ? HasTypeRegular(file.FullName) : OperatingSystem.IsWindows();
    }

    // The BCL has no answer: a FIFO's FileAttributes are Normal. Constants and layout: statx(2), the same on every architecture.
    [SupportedOSPlatform("linux")]
    private static bool HasTypeRegular(string path)
    {
        const int currentDirectory = -100, noFollow = 0x100;
        const uint typeOnly = 1;
        const ushort typeMask = 0xF000, typeRegular = 0x8000;

        return Statx(currentDirectory, path, noFollow, typeOnly, out var status) == 0
            && (status.Mode & typeMask) == typeRegular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
