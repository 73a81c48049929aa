using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Weft.Cli.Exec;

/// <summary>A program that runs, or has run, with all that it started.</summary>
/// <param name="ProcessId">Of its first process, which leads its session.</param>
/// <param name="Mark">In the environment of all its processes, unless they take it out.</param>
internal sealed record ExecRun(int ProcessId, string Mark)
{
    public bool HasEnded { get; set; }
}

/// <summary>
/// Ends what programs leave behind in sessions of their own. Linux gives such orphans to this process, their nearest
/// reaper, so that they are its children, and no other process can get their ids before they are reaped here. An
/// orphan is its program's by its session or its mark; one without both may be any program's that ran when it was
/// found, and ends with the last of these. Safe for use by many threads.
/// </summary>
internal sealed partial class ExecOrphans : IDisposable
{
    public const string MarkVariable = "WEFT_TASK_MARK";

    private const int SetChildSubreaper = 36;
    private const int SignalKill = 9;
    private const int NoHang = 1;
    private const int MarkBytes = 16;

    // What an orphan started comes here when it has ended, as an orphan itself.
    private const int GenerationsMax = 100;

    private static readonly TimeSpan BetweenGenerations = TimeSpan.FromMilliseconds(5);

    // Those that end while programs go on would stay as zombies.
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
    /// Makes this process the reaper of all that its programs leave behind. Null: this system has no such thing.
    /// </summary>
    public static ExecOrphans? TryBegin(TimeProvider time) =>
        OperatingSystem.IsLinux() && Control(SetChildSubreaper, 1, 0, 0, 0) == 0 ? new(time) : null;

    /// <summary>Starts a program; nothing is taken for an orphan meanwhile.</summary>
    /// <param name="start">Gets its mark, and answers the id of its first process.</param>
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

    /// <summary>A program's first process has ended, and is reaped: ends all that is left of the program.</summary>
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

    /// <summary>Answers how many were to be ended, and may have left others.</summary>
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

    /// <summary>The programs that an orphan may be of; none: one that has ended.</summary>
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
