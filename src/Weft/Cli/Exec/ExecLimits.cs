using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>The system's limits for this process.</summary>
internal static partial class ExecLimits
{
    private const int OpenFiles = 7;

    // Reserved for the runtime and the connections: without a free descriptor, the runtime ends the process.
    private const int OwnFiles = 100;

    // Three pipes while a program runs, and their other ends while it is started.
    private const int FilesPerProgram = 6;

    /// <summary>How many programs may run at once, by the limit of open files; at least one.</summary>
    public static int ProgramsMax()
    {
        if (!OperatingSystem.IsLinux() || Ask(OpenFiles, out var limit) != 0) return int.MaxValue;
        return (int)Math.Clamp((Math.Min(limit.Soft, int.MaxValue) - (double)OwnFiles) / FilesPerProgram, 1,
            int.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Ask(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
