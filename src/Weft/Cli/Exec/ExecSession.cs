using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>
/// A shell command in a session of its own, so that what it started can be ended with it, also where the processes
/// between have ended already, and a Ctrl+C meant for the worker doesn't reach it.
/// </summary>
internal sealed partial class ExecSession : IDisposable
{
    private const int SignalKill = 9;

    // Part of util-linux and of BusyBox: on every Linux. Elsewhere only the tree of processes is ended.
    private static readonly string? SetSid = Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly ExecOrphans? _orphans;
    private readonly ExecRun? _run;

    private ExecSession(Process process, ExecOrphans? orphans, ExecRun? run) =>
        (Process, _orphans, _run) = (process, orphans, run);

    public Process Process { get; }

    /// <summary>Starts a shell command.</summary>
    /// <param name="command">For <c>sh -c</c>.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <param name="orphans">Ends what gets out of the session; null: nothing does.</param>
    /// <param name="folder">Where it works; null: where this process does.</param>
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
        // The worker's own token, and a store's password, are nothing that what a stranger submitted should come near.
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

    /// <summary>Ends the command and all that it started.</summary>
    public void Kill()
    {
        try
        {
            // First by parentage: this finds also those that have made sessions of their own.
            Process.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself meanwhile.
        }

        KillRest();
    }

    /// <summary>Ends what the command left behind, once it has ended.</summary>
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
        // Whoever has taken the streams has to close them: the process leaves them, and their descriptors, to the
        // collector.
        Process.StandardInput.BaseStream.Dispose();
        Process.StandardOutput.BaseStream.Dispose();
        Process.StandardError.BaseStream.Dispose();
        Process.Dispose();
    }

    // The shell's process id is the session's and the group's too; a negative one means the whole group.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
