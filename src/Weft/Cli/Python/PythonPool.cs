using Weft.Cli.Exec;
using Weft.Cli.Files;
using Weft.Client.Work;
using Weft.Contracts;
using Weft.Core.Modules.Packages;

namespace Weft.Cli.Python;

/// <summary>
/// The interpreters of a worker, at most one for each task that runs at once. Each serves one script of one submitter
/// and its packages, so that state left by a task can't reach those of others. Thread-safe.
/// </summary>
internal sealed class PythonPool(PythonProgram program, int sizeMax, ExecOrphans? orphans) : IAsyncDisposable
{
    // A script's libraries may leak memory.
    private const int TasksMax = 1_000;

    private readonly Lock _gate = new();
    private readonly List<(PythonKey Key, PythonInterpreter Interpreter)> _idle = [];
    private int _count;

    /// <summary>An interpreter for exclusive use until it is returned.</summary>
    /// <param name="openPackages">Downloads the packages of a new interpreter.</param>
    public async Task<PythonInterpreter> TakeAsync(
        PythonScriptFile script, WorkerTask task, Func<IReadOnlyList<RunFile>, Task<TaskFolder?>> openPackages)
    {
        var packages = PackagesOf(task);
        var key = KeyOf(script, task, packages);
        PythonInterpreter? left = null;
        lock (_gate)
        {
            var place = _idle.FindIndex(idle => idle.Key == key);
            if (place >= 0)
            {
                var known = _idle[place].Interpreter;
                _idle.RemoveAt(place);
                return known;
            }
            // Ends the interpreter that has been idle for the longest time.
            if (_count >= sizeMax && _idle.Count > 0)
            {
                left = _idle[0].Interpreter;
                _idle.RemoveAt(0);
                _count--;
            }
            _count++;
        }

        if (left is not null) await left.DisposeAsync();
        try
        {
            return PythonInterpreter.Start(
                program, script, packages.Count == 0 ? null : await openPackages(packages), orphans);
        }
        catch
        {
            lock (_gate) _count--;
            throw;
        }
    }

    /// <summary>Returns an interpreter for reuse, unless it has exited or has run its maximum of tasks.</summary>
    public async Task GiveBackAsync(PythonInterpreter interpreter, PythonScriptFile script, WorkerTask task)
    {
        lock (_gate)
        {
            if (interpreter.IsAlive && interpreter.Tasks < TasksMax)
            {
                _idle.Add((KeyOf(script, task, PackagesOf(task)), interpreter));
                return;
            }
            _count--;
        }
        await interpreter.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        (PythonKey, PythonInterpreter Interpreter)[] idle;
        lock (_gate)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var (_, interpreter) in idle) await interpreter.DisposeAsync();
    }

    private static List<RunFile> PackagesOf(WorkerTask task) =>
        [.. task.Run?.Files?.Where(static file => PackageFolder.Has(file.Path)) ?? []];

    private static PythonKey KeyOf(PythonScriptFile script, WorkerTask task, List<RunFile> packages) =>
        new(script.Hash, task.Submitter, string.Join(' ', packages.Select(static file => file.Blob)));

    private readonly record struct PythonKey(string Script, string? Submitter, string Packages);
}
