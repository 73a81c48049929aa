using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The ready tasks that a transaction has locked, by lane, in claim order.</summary>
internal sealed class ReadyOffers
{
    private readonly Dictionary<long, (List<LockedTask> Tasks, int Taken)> _lanes = [];

    private readonly Func<Lane, LockedTask?> _edge;

    /// <param name="tasks">The tasks that the transaction has locked.</param>
    /// <param name="edge"> The last examined task of a lane, if there may be more after it; null if there are no more.
    /// </param>
    public ReadyOffers(IEnumerable<LockedTask> tasks, Func<Lane, LockedTask?> edge)
    {
        _edge = edge;
        foreach (var task in tasks)
        {
            if (task.Record.State != TaskState.Ready || task.Lane.Requires.IsCheck) continue;
            if (!_lanes.TryGetValue(task.Lane.Id, out var lane)) _lanes.Add(task.Lane.Id, lane = ([], 0));
            lane.Tasks.Add(task);
        }

        foreach (var (tasksOfLane, _) in _lanes.Values) tasksOfLane.Sort(Compare);
    }

    /// <summary>How many were offered and could not be taken.</summary>
    public int Unusable { get; set; }

    /// <summary>
    /// Takes the foremost task of these lanes; null if they have no more, or if one of them must be read again before
    /// the order is known. A worker that has had files may get a later task of the same lane.
    /// </summary>
    public LockedTask? TakeForemost(List<Lane> lanes, Locality locality, long[]? sets)
    {
        LockedTask? foremost = null;
        foreach (var lane in lanes)
        {
            var first = _lanes.TryGetValue(lane.Id, out var offer) && offer.Taken < offer.Tasks.Count
                ? offer.Tasks[offer.Taken]
                : null;
            // After the edge there may be one that comes before it.
            if (_edge(lane) is { } edge && (first is null || Compare(first, edge) > 0)) return null;
            if (first is null) continue;
            if (foremost is null || Compare(first, foremost) < 0) foremost = first;
        }

        if (foremost is null) return null;
        var (tasks, taken) = _lanes[foremost.Lane.Id];
        _lanes[foremost.Lane.Id] = (tasks, taken + 1);
        if (sets is null || !foremost.Lane.Requires.HasFiles) return foremost;
        var at = locality.Choose(tasks, taken, sets, static task => task.Record, static task => task.Files);
        var chosen = tasks[at];
        tasks.RemoveAt(at);
        tasks.Insert(taken, chosen);
        return chosen;
    }

    /// <summary>The unclaimed tasks: locked until the commit, so others skip them until then.</summary>
    public IEnumerable<(Lane Lane, int Count)> Left =>
        _lanes.Values.Where(static offer => offer.Taken < offer.Tasks.Count)
        .Select(static offer => (offer.Tasks[0].Lane, offer.Tasks.Count - offer.Taken));

    private static int Compare(LockedTask a, LockedTask b) => TaskOrder.Compare(a.Record, b.Record);
}
