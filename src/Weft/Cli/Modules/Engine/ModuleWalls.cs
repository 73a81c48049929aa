using System.Globalization;
using System.Runtime.InteropServices;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// Restricts the process that runs modules, as a second barrier in case a module escapes from the engine. Linux only.
/// </summary>
internal static partial class ModuleWalls
{
    private const int NoNewPrivileges = 38;
    private const int FileBytes = 1, CoreBytes = 4, AddressSpace = 9;
    private const short HungUp = 0x10;
    private const long PageBytes = 4_096;

    /// <summary>
    /// Call once the engine is loaded: from then on the process can't gain rights through a program that it starts,
    /// writes no file, leaves no core dump, and can't use more address space than given.
    /// </summary>
    public static void Close(long addressBytesMax)
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = NewSession();
        _ = Control(NoNewPrivileges, 1, 0, 0, 0);
        Bound(FileBytes, 0);
        Bound(CoreBytes, 0);
        Bound(AddressSpace, (nuint)(UsedAddressBytes() + addressBytesMax));
    }

    /// <summary>Ends the process with its worker, even during a module that never ends.</summary>
    public static void EndWithStdin()
    {
        if (!OperatingSystem.IsLinux()) return;
        new Thread(static () =>
        {
            var stdin = new PollEntry { Descriptor = 0 };
            while (Poll(ref stdin, 1, -1) <= 0 || (stdin.Happened & HungUp) == 0)
            {
                // Interrupted by a signal.
            }
            EndNow(1);
        }, maxStackSize: 256 << 10)
        { IsBackground = true }.Start();
    }

    private static long UsedAddressBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * PageBytes;

    private static void Bound(int resource, nuint max)
    {
        var limit = new Limit { Soft = max, Hard = max };
        _ = SetLimit(resource, in limit);
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
