using System.Runtime.InteropServices;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// A process that is started with stdin, stdout or stderr closed gives their numbers to the next files that it opens:
/// the runtime's source of random bytes became stdin, the database would become stdout. By the time <c>Main</c> runs
/// that has happened, so the process replaces itself by one whose closed descriptors are open to <c>/dev/null</c>.
/// </summary>
internal static partial class ClosedDescriptors
{
    private const string Program = "/proc/self/exe";
    private const string Arguments = "/proc/self/cmdline";

    /// <summary>
    /// Returns at once when all three are open, which is nearly always; otherwise the process starts again.
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

        // The runtime's own files may have been replaced above: there is no going on.
        Environment.FailFast(
            "A standard file descriptor is closed, and weft could not restart itself with /dev/null in its place.");
    }

    // Returns only when it fails.
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Execute(string path, nint* arguments);
}
