using System.Runtime.InteropServices;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// If a process starts with stdin, stdout or stderr closed, their numbers go to the next files that it opens: the
/// runtime's source of random bytes became stdin, and the database would become stdout. That has happened before
/// <c>Main</c> runs, so the process replaces itself with one whose closed descriptors are open to <c>/dev/null</c>.
/// </summary>
internal static partial class ClosedDescriptors
{
    private const string Program = "/proc/self/exe";
    private const string Arguments = "/proc/self/cmdline";

    /// <summary>
    /// Returns at once if all three are open, as they nearly always are; otherwise the process restarts.
    /// </summary>
    public static void OpenToNothing()
    {
        if (!OperatingSystem.IsLinux() || Enumerable.Range(0, 3).All(Descriptor.WasGiven)) return;
        if (!File.Exists(Program) || !File.Exists(Arguments)) return;
        var arguments = File.ReadAllBytes(Arguments);
        foreach (var missing in Enumerable.Range(0, 3)
            .Where(static descriptor => !Descriptor.WasGiven(descriptor)).ToArray())
        {
            if (!Descriptor.OpenToNothing(missing)) return;
        }

        StartAgain(arguments);
    }

    /// <param name="arguments">Each ends with a NUL.</param>
    private static unsafe void StartAgain(byte[] arguments)
    {
        fixed (byte* first = arguments)
        {
            var pointers = new List<nint>();
            for (var start = 0; start < arguments.Length; start += arguments.AsSpan(start).IndexOf((byte)0) + 1)
            {
                pointers.Add((nint)(first + start));
            }
            pointers.Add(0);
            fixed (nint* vector = pointers.ToArray()) Execute(Program, vector);
        }

        // The runtime's own files may have been replaced above: it can't continue.
        Environment.FailFast(
            "A standard file descriptor is closed, and weft could not restart itself with /dev/null in its place.");
    }

    // Returns only on failure.
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Execute(string path, nint* arguments);
}
