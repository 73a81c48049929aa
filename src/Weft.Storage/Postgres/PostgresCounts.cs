using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>What one transaction adds to counts by state: of lanes, or of groups. Added to rows of the connection's own shard.</summary>
internal sealed class PostgresCounts(string sql)
{
    private readonly SortedDictionary<long, long[]> _added = [];

    public void Add(long owner, TaskState state, int change)
    {
        if (!_added.TryGetValue(owner, out var counts)) _added.Add(owner, counts = new long[TaskStates.Count]);
        counts[(int)state] += change;
    }

    public void AddTo(PostgresTrip trip, int shard, bool ownersAreInts)
    {
        var changed = _added.Where(static pair => pair.Value.AsSpan().ContainsAnyExcept(0L)).ToArray();
        if (changed.Length == 0) return;
        var command = trip.Run(sql).With(shard);
        if (ownersAreInts) command.With([.. changed.Select(static pair => (int)pair.Key)]);
        else command.With([.. changed.Select(static pair => pair.Key)]);
        for (var state = 0; state < TaskStates.Count; state++) command.With([.. changed.Select(pair => pair.Value[state])]);
        _added.Clear();
    }
}
