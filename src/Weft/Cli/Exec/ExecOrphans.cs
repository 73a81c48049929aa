using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Weft.Cli.Exec;

/// <summary>A program that runs or has run, with the processes that it started.</summary>
/// <param name="ProcessId">The id of its first process, which leads its session.</param>
/// <param name="Mark">A value in the environment of all its processes, unless they remove it.</param>
internal sealed record ExecRun(int ProcessId, string Mark)
{
    public bool HasEnded { get; set; }
}

/// <summary>
/// Ends the processes that programs leave behind in other sessions. Linux makes this process, their nearest subreaper,
/// the parent of such orphans, so that their ids can't be reused before they are reaped here. The session or the mark
/// identifies an orphan's program; an orphan without either may belong to any program that ran when it was found, and
/// is ended with the last of these. Safe for use by many threads.
/// </summary>
internal sealed partial class ExecOrphans : IDisposable
{
    public const string MarkVariable = "WEFT_TASK_MARK";

    private const int SetChildSubreaper = 36;
    private const int SignalKill = 9;
    private const int NoHang = 1;
    private const int MarkBytes = 16;

    // When an orphan ends, its own children become orphans here.
    private const int GenerationsMax = 100;

    private static readonly TimeSpan BetweenGenerations = TimeSpan.FromMilliseconds(5);

    // Orphans that end while programs still run would otherwise remain as zombies.
    private static readonly TimeSpan ReapInterval = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ExecRun> _running = [];
    private readonly Dictionary<int, ExecRun[]> _orphans = [];

    private ExecOrphans(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => EndOrphans(), null, ReapInterval, ReapInterval);
    }

    /// <summary>
    /// Makes this process the subreaper of the processes that its programs leave behind. Null: this system doesn't
    /// support it.
    /// </summary>
    public static ExecOrphans? TryBegin(TimeProvider time) =>
        OperatingSystem.IsLinux() && Control(SetChildSubreaper, 1, 0, 0, 0) == 0 ? new(time) : null;

    /// <summary>Starts a program; during the start, no process is treated as an orphan.</summary>
    /// <param name="start">Receives the mark, and returns the id of the first process.</param>
    public ExecRun Start(Func<string, int> start)
    {
        var mark = Convert.ToHexString(RandomNumberGenerator.GetBytes(MarkBytes));
        lock (_gate)
        {
            var run = new ExecRun(start(mark), mark);
            _running.Add(run.ProcessId, run);
            return run;
        }
    }

    /// <summary>Call once a program's first process has ended and was reaped: ends the rest of the program.</summary>
    public async Task EndAsync(ExecRun run)
    {
        lock (_gate)
        {
            run.HasEnded = true;
            _running.Remove(run.ProcessId);
        }

        for (var i = 0; i < GenerationsMax && EndOrphans() > 0; i++)
        {
            await Task.Delay(BetweenGenerations, _time, CancellationToken.None);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Returns how many were ended; they may have left others behind.</summary>
    private int EndOrphans()
    {
        var ended = 0;
        lock (_gate)
        {
            foreach (var child in ExecChildren.Read())
            {
                if (_running.ContainsKey(child)) continue;
                if (WaitFor(child, out _, NoHang) != 0)
                {
                    _orphans.Remove(child);
                    continue;
                }

                if (!_orphans.TryGetValue(child, out var owners)) _orphans.Add(child, owners = OwnersOf(child));
                if (!Array.TrueForAll(owners, static owner => owner.HasEnded)) continue;
                if (SendSignal(child, SignalKill) == 0) ended++;
            }
        }

        return ended;
    }

    /// <summary>The programs that an orphan may belong to; empty: the orphan has ended.</summary>
    private ExecRun[] OwnersOf(int orphan)
    {
        if (_running.TryGetValue(ExecChildren.SessionOf(orphan), out var leader)) return [leader];
        if (ExecChildren.VariableOf(orphan, MarkVariable) is not { } mark) return [.. _running.Values];
        return [.. _running.Values.Where(run => run.Mark == mark)];
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitFor(int processId, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
