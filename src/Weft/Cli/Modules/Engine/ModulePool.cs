namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The processes of a worker's modules: at most one for each task that runs at once. Each serves one submitter, so that
/// a module that gets out of the engine meets nobody else's tasks. Safe for use by many threads.
/// </summary>
internal sealed class ModulePool(EngineFolder engine, int sizeMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Submitter, ModuleProcess Process)> _idle = [];
    private int _count;

    /// <summary>One that nobody else uses until it is given back.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system has no process to give.</exception>
    public ModuleProcess Take(string? submitter)
    {
        ModuleProcess? left = null;
        lock (_gate)
        {
            var place = _idle.FindLastIndex(idle => idle.Submitter == (submitter ?? ""));
            if (place >= 0)
            {
                var known = _idle[place].Process;
                _idle.RemoveAt(place);
                return known;
            }
            // The one that has been idle for the longest time makes room.
            if (_count >= sizeMax && _idle.Count > 0)
            {
                left = _idle[0].Process;
                _idle.RemoveAt(0);
                _count--;
            }
            _count++;
        }

        left?.Dispose();
        try
        {
            return ModuleProcess.Start(engine);
        }
        catch
        {
            lock (_gate) _count--;
            throw;
        }
    }

    /// <summary>To be used again, unless it has ended.</summary>
    public void GiveBack(ModuleProcess process, string? submitter)
    {
        lock (_gate)
        {
            if (process.IsAlive)
            {
                _idle.Add((submitter ?? "", process));
                return;
            }
            _count--;
        }
        process.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, process) in _idle) process.Dispose();
            _idle.Clear();
        }
    }
}
