using Weft.Core.Tasks;

namespace Weft.Core.Waiting;

/// <summary>Requests that are held open until a task is finished, in memory only.</summary>
public sealed class FinishWaitingRoom
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, (TaskCompletionSource Finished, int Waiters)> _waiting = [];
    private bool _closed;

    /// <summary>Releases all requests that wait for these tasks.</summary>
    public void Wake(IReadOnlyList<TaskId> finished)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0) return;
            foreach (var id in finished)
            {
                if (_waiting.Remove(id, out var entry)) entry.Finished.TrySetResult();
            }
        }
    }

    /// <summary>Releases all, now and from now on: the coordinator is stopping.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var (finished, _) in _waiting.Values) finished.TrySetResult();
            _waiting.Clear();
        }
    }

    /// <summary>
    /// Completes when the task is finished. Enter before you read the task, or its finish may be missed.
    /// </summary>
    internal Task Enter(TaskId id)
    {
        lock (_gate)
        {
            if (_closed) return Task.CompletedTask;
            var entry = _waiting.GetValueOrDefault(id);
            var finished = entry.Finished ?? new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting[id] = (finished, entry.Waiters + 1);
            return finished.Task;
        }
    }

    internal void Leave(TaskId id)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(id, out var entry)) return;
            if (entry.Waiters == 1) _waiting.Remove(id);
            else _waiting[id] = entry with { Waiters = entry.Waiters - 1 };
        }
    }
}
