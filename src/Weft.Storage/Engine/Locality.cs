using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Which of a lane's ready tasks goes to a worker that has had files before: one whose files it has, if that is among
/// the first <see cref="Limits.LocalityDepthMax"/> of equal priority and no task is passed over more than
/// <see cref="Limits.LocalityPassesMax"/> times. The files of each worker are hints in this process's memory.
/// Thread-safe.
/// </summary>
internal sealed class Locality
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long[]> _setsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _passes = [];

    /// <summary>The sets of files that a worker last had; null: none.</summary>
    public long[]? SetsOf(string worker)
    {
        lock (_gate) return _setsOf.Count == 0 ? null : _setsOf.GetValueOrDefault(worker);
    }

    /// <summary>Records that a worker gets a task with these files.</summary>
    public void Note(string worker, long set)
    {
        // It has nothing to download.
        if (set == FileSet.Empty.Id) return;
        lock (_gate)
        {
            var known = _setsOf.GetValueOrDefault(worker, []);
            if (known.Length > 0 && known[0] == set) return;
            // Only hints: without them, tasks are served in order.
            if (_setsOf.Count == Limits.LocalityWorkersMax && known.Length == 0) _setsOf.Clear();
            _setsOf[worker] =
                [set, .. known.Where(other => other != set).Take(Limits.LocalitySetsMax - 1)];
        }
    }

    /// <summary>Chooses a task, and records which ones it passes over.</summary>
    /// <param name="tasks">Ready tasks of a lane, in claim order.</param>
    /// <param name="first">The index of the first available one.</param>
    /// <param name="sets">The worker's sets of files.</param>
    /// <param name="taskOf">The task of an item.</param>
    /// <param name="setOf">The files of an item; null for none.</param>
    /// <returns>The chosen index; <paramref name="first"/> if none is preferable.</returns>
    public int Choose<T>(List<T> tasks, int first, long[] sets, Func<T, TaskRecord> taskOf, Func<T, long?> setOf)
    {
        lock (_gate)
        {
            var priority = taskOf(tasks[first]).Priority;
            var end = Math.Min(tasks.Count, first + Limits.LocalityDepthMax);
            for (var i = first; i < end; i++)
            {
                var task = taskOf(tasks[i]);
                if (task.Priority != priority) break;
                if (Has(sets, setOf(tasks[i])))
                {
                    for (var passed = first; passed < i; passed++) Pass(taskOf(tasks[passed]).Id);
                    _passes.Remove(task.Id.Value);
                    return i;
                }

                if (_passes.GetValueOrDefault(task.Id.Value) >= Limits.LocalityPassesMax) break;
            }

            _passes.Remove(taskOf(tasks[first]).Id.Value);
            return first;
        }
    }

    /// <summary>Whether the worker has all of these files.</summary>
    public static bool Has(long[] sets, long? set) =>
        set is not { } known || known == FileSet.Empty.Id || Array.IndexOf(sets, known) >= 0;

    private void Pass(TaskId id)
    {
        // Counts of cancelled tasks stay until then.
        if (_passes.Count >= Limits.LocalityTasksMax) _passes.Clear();
        _passes[id.Value] = _passes.GetValueOrDefault(id.Value) + 1;
    }
}
