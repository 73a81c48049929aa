using System.Runtime.InteropServices;

namespace Weft.Background;

/// <summary>The C library's heap, from which SQLite allocates.</summary>
internal static partial class NativeHeap
{
    private static bool _canTrim = OperatingSystem.IsLinux();

    /// <summary>
    /// Returns its free pages to the system. Once a block of up to 32 MB was freed, glibc keeps such blocks in the heap
    /// of each thread, so that a few large results would occupy memory for ever; other C libraries have no such call.
    /// See mallopt(3), M_MMAP_THRESHOLD, and malloc_trim(3).
    /// </summary>
    public static void Trim()
    {
        if (!_canTrim) return;
        try
        {
            _ = MallocTrim(keptBytes: 0);
        }
        catch (EntryPointNotFoundException)
        {
            _canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keptBytes);
}
