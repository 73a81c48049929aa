namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The processes for a worker's modules, at most one for each task that runs at once. Each serves only one submitter,
/// so that a module that escapes from the engine finds no other submitter's tasks. Safe for use by many threads.
/// </summary>
internal sealed class ModulePool(EngineFolder engine, int sizeMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Submitter, ModuleProcess Process)> _idle = [];
    private int _count;

    /// <summary>A process for exclusive use until it is returned.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system can't start another process.</exception>
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
            // Ends the process that has been idle for the longest time.
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

    /// <summary>Returns a process for reuse, unless it has ended.</summary>
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
