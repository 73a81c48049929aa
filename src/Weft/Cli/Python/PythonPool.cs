using Weft.Client.Work;

namespace Weft.Cli.Python;

/// <summary>
/// The interpreters of a worker: at most one for each task that runs at once. Each is for one script of one submitter,
/// so that what a task leaves behind meets nobody else's. Safe for use by many threads.
/// </summary>
internal sealed class PythonPool(PythonProgram program, int sizeMax) : IDisposable
{
    // What a script's libraries leave behind adds up.
    private const int TasksMax = 1_000;

    private readonly Lock _gate = new();
    private readonly List<(PythonKey Key, PythonInterpreter Interpreter)> _idle = [];
    private int _count;

    /// <summary>One that nobody else uses until it is given back.</summary>
    public PythonInterpreter Take(PythonScriptFile script, WorkerTask task)
    {
        var key = new PythonKey(script.Hash, task.Submitter);
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
            // The one that has been idle for the longest time makes room.
            if (_count >= sizeMax && _idle.Count > 0)
            {
                left = _idle[0].Interpreter;
                _idle.RemoveAt(0);
                _count--;
            }
            _count++;
        }

        left?.Dispose();
        try
        {
            return PythonInterpreter.Start(program, script);
        }
        catch
        {
            lock (_gate) _count--;
            throw;
        }
    }

    /// <summary>To be used again, unless it has ended or had its share.</summary>
    public void GiveBack(PythonInterpreter interpreter, PythonScriptFile script, WorkerTask task)
    {
        lock (_gate)
        {
            if (interpreter.IsAlive && interpreter.Tasks < TasksMax)
            {
                _idle.Add((new(script.Hash, task.Submitter), interpreter));
                return;
            }
            _count--;
        }
        interpreter.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, interpreter) in _idle) interpreter.Dispose();
            _idle.Clear();
        }
    }

    private readonly record struct PythonKey(string Script, string? Submitter);
}
