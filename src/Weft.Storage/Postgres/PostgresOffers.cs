using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>The ready tasks that a transaction holds, lane by lane, foremost first.</summary>
internal sealed class PostgresOffers
{
    private readonly Dictionary<PostgresLane, (List<PostgresTask> Tasks, int Taken)> _lanes = [];

    private readonly Func<PostgresLane, PostgresTask?> _edge;

    /// <param name="tasks">Those that the transaction holds.</param>
    /// <param name="edge">The last task of a lane that was looked at, where there may be more behind it; null where there is no more.</param>
    public PostgresOffers(IEnumerable<PostgresTask> tasks, Func<PostgresLane, PostgresTask?> edge)
    {
        _edge = edge;
        foreach (var task in tasks)
        {
            if (task.Record.State != TaskState.Ready) continue;
            if (!_lanes.TryGetValue(task.Lane, out var lane)) _lanes.Add(task.Lane, lane = ([], 0));
            lane.Tasks.Add(task);
        }

        foreach (var (tasksOfLane, _) in _lanes.Values) tasksOfLane.Sort(Foremost);
    }

    /// <summary>How many were offered and could not be taken after all.</summary>
    public int Unusable { get; set; }

    /// <summary>
    /// Takes out the foremost task of these lanes; null when they offer nothing more, or when one of them must be looked at again
    /// before anybody can say what comes first.
    /// </summary>
    public PostgresTask? TakeForemost(PostgresLane[] lanes)
    {
        PostgresTask? foremost = null;
        foreach (var lane in lanes)
        {
            var first = _lanes.TryGetValue(lane, out var offer) && offer.Taken < offer.Tasks.Count ? offer.Tasks[offer.Taken] : null;
            // Behind the edge there may be one that comes before it.
            if (_edge(lane) is { } edge && (first is null || Foremost(first, edge) > 0)) return null;
            if (first is null) continue;
            if (foremost is null || Foremost(first, foremost) < 0) foremost = first;
        }

        if (foremost is null) return null;
        var (tasks, taken) = _lanes[foremost.Lane];
        _lanes[foremost.Lane] = (tasks, taken + 1);
        return foremost;
    }

    /// <summary>What nobody took: locked until the commit, and passed over by others until then.</summary>
    public IEnumerable<(PostgresLane Lane, int Count)> Left => _lanes.Where(static pair => pair.Value.Taken < pair.Value.Tasks.Count)
        .Select(static pair => (pair.Key, pair.Value.Tasks.Count - pair.Value.Taken));

    private static int Foremost(PostgresTask a, PostgresTask b) => a.Record.Priority != b.Record.Priority
        ? b.Record.Priority.CompareTo(a.Record.Priority)
        : a.Record.Id.Value.CompareTo(b.Record.Id.Value);
}
