using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The changes of one transaction to counts by state: of lanes, or of groups.</summary>
internal sealed class CountChanges
{
    private readonly Dictionary<long, long[]> _added = [];

    /// <summary>The changed ones, each with the change of each state.</summary>
    public IEnumerable<KeyValuePair<long, long[]>> Changed =>
        _added.Where(static pair => pair.Value.AsSpan().ContainsAnyExcept(0L));

    public void Add(long id, TaskState state, int change)
    {
        if (!_added.TryGetValue(id, out var counts)) _added.Add(id, counts = new long[TaskStates.Count]);
        counts[(int)state] += change;
    }

    public void Clear() => _added.Clear();
}
