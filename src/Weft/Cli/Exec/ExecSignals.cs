using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>Signal handling that programs inherit, and what they may read of this process.</summary>
internal static partial class ExecSignals
{
    private const int BrokenPipe = 13;
    private const int SetDumpable = 4;

    /// <summary>
    /// Gives programs the default SIGPIPE, so that <c>yes | head -1</c> ends. The runtime ignores the signal, and exec
    /// preserves an ignored signal, but resets one with a handler to its default. The handler is <c>abs</c>, which does
    /// nothing, since a signal handler may not be managed code.
    /// </summary>
    public static void HandDownDefaults()
    {
        if (!OperatingSystem.IsLinux()) return;
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "abs", out var nothing))
        {
            _ = SetHandler(BrokenPipe, nothing);
        }
    }

    /// <summary>
    /// From now on, other processes of this user, including the programs, can't read this process's memory and
    /// environment, where the token is. Programs themselves start without this flag, since exec clears it.
    /// </summary>
    public static void HideFromPrograms()
    {
        if (OperatingSystem.IsLinux()) _ = Control(SetDumpable, 0, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);
}
