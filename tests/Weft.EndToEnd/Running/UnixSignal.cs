using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.EndToEnd.Running;

/// <summary>The signals that stop a service, by their POSIX numbers.</summary>
public enum UnixSignal
{
    Interrupt = 2,
    Terminate = 15,
}

internal static class UnixSignals
{
    public static void Send(this Process process, UnixSignal signal)
    {
        if (Kill(process.Id, (int)signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
