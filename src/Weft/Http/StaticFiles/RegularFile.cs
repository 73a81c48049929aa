using Weft.Storage;

namespace Weft.Http.StaticFiles;

/// <summary>
/// Distinguishes regular files from pipes, sockets and devices without opening them: opening a pipe can block forever.
/// </summary>
internal static class RegularFile
{
    /// <summary>Whether the file (not a link) exists and holds, or could hold, bytes of its own.</summary>
    public static bool Is(FileInfo file)
    {
        if (!file.Exists) return false;

        // Only an empty file needs the check: anything other than a file has no length.
        if (file.Length > 0) return true;

        // Without statx (macOS), skip empty files rather than risk a request that never ends.
        return OperatingSystem.IsLinux() ? UnixFile.IsRegular(file.FullName) : OperatingSystem.IsWindows();
    }
}
