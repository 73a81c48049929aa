using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Which of a lane's ready tasks a worker gets that has had files before: one whose files it has, where that is among
/// the first <see cref="Limits.LocalityDepthMax"/> of equal priority, and no task is passed over more than
/// <see cref="Limits.LocalityPassesMax"/> times. What each worker had is a hint that this process remembers. Any thread
/// may call it.
/// </summary>
internal sealed class Locality
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long[]> _setsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _passes = [];

    /// <summary>The sets of files that a worker had last; null: none.</summary>
    public long[]? SetsOf(string worker)
    {
        lock (_gate) return _setsOf.Count == 0 ? null : _setsOf.GetValueOrDefault(worker);
    }

    /// <summary>A worker gets a task with these files.</summary>
    public void Note(string worker, long set)
    {
        // It has nothing to fetch.
        if (set == FileSet.Empty.Id) return;
        lock (_gate)
        {
            var known = _setsOf.GetValueOrDefault(worker, []);
            if (known.Length > 0 && known[0] == set) return;
            // Hints: who forgets them serves in order.
            if (_setsOf.Count == Limits.LocalityWorkersMax && known.Length == 0) _setsOf.Clear();
            _setsOf[worker] =
                [set, .. known.Where(other => other != set).Take(Limits.LocalitySetsMax - 1)];
        }
    }

    /// <summary>Chooses a task, and notes which ones it passes over.</summary>
    /// <param name="tasks">Ready tasks of a lane, foremost first.</param>
    /// <param name="first">Where those begin that are still to be had.</param>
    /// <param name="sets">What the worker has.</param>
    /// <param name="taskOf">The task of an item.</param>
    /// <param name="setOf">The files of an item; null for none.</param>
    /// <returns>Its place; <paramref name="first"/> where nothing is to be preferred.</returns>
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

    /// <summary>Whether nothing is to be fetched for these files.</summary>
    public static bool Has(long[] sets, long? set) =>
        set is not { } known || known == FileSet.Empty.Id || Array.IndexOf(sets, known) >= 0;

    private void Pass(TaskId id)
    {
        // Those of tasks that were cancelled stay until then.
        if (_passes.Count >= Limits.LocalityTasksMax) _passes.Clear();
        _passes[id.Value] = _passes.GetValueOrDefault(id.Value) + 1;
    }
}
