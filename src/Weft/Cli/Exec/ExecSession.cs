using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>
/// A shell command in its own session, so that all processes that it started can be ended with it, even if the
/// processes in between have already ended, and so that a Ctrl+C for the worker doesn't reach it.
/// </summary>
internal sealed partial class ExecSession : IDisposable
{
    private const int SignalKill = 9;

    // Part of util-linux and BusyBox, so present on every Linux. On other systems, only the process tree is ended.
    private static readonly string? SetSid = Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly ExecOrphans? _orphans;
    private readonly ExecRun? _run;

    private ExecSession(Process process, ExecOrphans? orphans, ExecRun? run) =>
        (Process, _orphans, _run) = (process, orphans, run);

    public Process Process { get; }

    /// <summary>Starts a shell command.</summary>
    /// <param name="command">The command for <c>sh -c</c>.</param>
    /// <param name="variables">Additional environment variables.</param>
    /// <param name="orphans">Ends processes that leave the session; null: they are not tracked.</param>
    /// <param name="folder">Its working directory; null: this process's.</param>
    public static ExecSession Start(
        string command, IReadOnlyDictionary<string, string> variables, ExecOrphans? orphans, string? folder) =>
        Start(["/bin/sh", "-c", command], variables, orphans, folder);

    /// <summary>Starts a program with its arguments.</summary>
    public static ExecSession Start(
        string[] program, IReadOnlyDictionary<string, string>? variables = null, ExecOrphans? orphans = null,
        string? folder = null)
    {
        string[] line = SetSid is null ? program : [SetSid, .. program];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        // Don't expose the worker's token or a store's password to submitted programs.
        foreach (var name in start.Environment.Keys.Where(static name =>
            name.StartsWith("WEFT_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in variables ?? Nothing) start.Environment[name] = value;
        if (orphans is null) return new(Process.Start(start)!, null, null);
        Process process = null!;
        var run = orphans.Start(mark =>
        {
            start.Environment[ExecOrphans.MarkVariable] = mark;
            process = Process.Start(start)!;
            return process.Id;
        });
        return new(process, orphans, run);
    }

    /// <summary>Ends the command and all processes that it started.</summary>
    public void Kill()
    {
        try
        {
            // By parentage first: this also finds processes that have created their own sessions.
            Process.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It has just ended on its own.
        }

        KillRest();
    }

    /// <summary>Ends the processes that the command left behind, once it has ended.</summary>
    public async Task EndRestAsync()
    {
        KillRest();
        if (_orphans is not null) await _orphans.EndAsync(_run!);
    }

    private void KillRest()
    {
        if (SetSid is not null) _ = SendSignal(-Process.Id, SignalKill);
    }

    public void Dispose()
    {
        // Close streams that were opened: the process object would leave them, and their descriptors, to the garbage
        // collector.
        Process.StandardInput.BaseStream.Dispose();
        Process.StandardOutput.BaseStream.Dispose();
        Process.StandardError.BaseStream.Dispose();
        Process.Dispose();
    }

    // The shell's process id is also the id of its session and its group; a negative id means the whole group.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
