using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The attempts that a transaction ends, each in its last form, and those to delete.</summary>
internal sealed class AttemptChanges
{
    private readonly Dictionary<(long Task, int Attempt), TaskAttempt> _ended = [];
    private readonly List<(long Task, int First, int Last)> _dropped = [];

    /// <summary>To store, after <see cref="Dropped"/> are deleted.</summary>
    public IReadOnlyCollection<KeyValuePair<(long Task, int Attempt), TaskAttempt>> Ended => _ended;

    /// <summary>Ranges of a task's attempts, to delete.</summary>
    public IReadOnlyCollection<(long Task, int First, int Last)> Dropped => _dropped;

    public void End(TaskId task, TaskAttempt ended) => _ended[(task.Value, ended.Attempt)] = ended;

    public void Drop(TaskId task, int first, int last)
    {
        foreach (var ended in _ended.Keys.Where(ended =>
            ended.Task == task.Value && ended.Attempt >= first && ended.Attempt <= last))
        {
            _ended.Remove(ended);
        }

        _dropped.Add((task.Value, first, last));
    }
}
