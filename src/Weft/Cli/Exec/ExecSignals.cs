using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>What programs inherit from this process, and what they can see of it.</summary>
internal static partial class ExecSignals
{
    private const int BrokenPipe = 13;
    private const int SetDumpable = 4;

    /// <summary>
    /// Programs get SIGPIPE as they expect it, so that <c>yes | head -1</c> ends. The runtime ignores it, and an
    /// ignored signal is inherited over exec, while one with a handler goes back to its default. The handler is
    /// <c>abs</c>, which does nothing: a signal's handler may not be managed code.
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
    /// From now on other processes of this user, the programs among them, can't read this process's memory and
    /// environment, where the token is. A program is started without this mark: exec takes it away.
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
