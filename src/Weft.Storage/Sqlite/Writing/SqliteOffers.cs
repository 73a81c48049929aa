using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The ready tasks of some lanes in the order in which they are claimed. Each lane offers its own first tasks
/// (tasks_ready), a few at a time: a claim of a thousand tasks from a thousand lanes must not read a million.
/// </summary>
internal sealed class SqliteOffers
{
    private static readonly Comparer<TaskRecord> InOrder = Comparer<TaskRecord>.Create(TaskOrder.Compare);

    private readonly SqliteTasks _tasks;
    private readonly int _few;
    private readonly PriorityQueue<LaneOffer, TaskRecord> _first = new(InOrder);
    private LaneOffer? _spent;

    /// <param name="tasks">Where they are.</param>
    /// <param name="lanes">Those of the claim.</param>
    /// <param name="max">How many tasks it wants.</param>
    public SqliteOffers(SqliteTasks tasks, List<SqliteLane> lanes, int max)
    {
        _tasks = tasks;
        _few = lanes.Count <= 1 ? max : 1 + max / lanes.Count;
        foreach (var lane in lanes) Read(new(lane));
    }

    /// <summary>
    /// The next task, which must have left the ready ones before the call after this; null: there is none.
    /// </summary>
    public TaskRecord? Next()
    {
        // All that this lane has offered so far isn't ready any more: its first tasks are others by now.
        if (_spent is not null) Read(_spent);
        _spent = null;
        if (!_first.TryDequeue(out var offer, out var task)) return null;
        if (++offer.At < offer.Tasks.Count) _first.Enqueue(offer, offer.Tasks[offer.At]);
        else if (offer.At == _few) _spent = offer;
        return task;
    }

    private void Read(LaneOffer offer)
    {
        offer.Tasks.Clear();
        offer.At = 0;
        _tasks.Offer(offer.Lane, _few, offer.Tasks);
        if (offer.Tasks.Count > 0) _first.Enqueue(offer, offer.Tasks[0]);
    }

    private sealed class LaneOffer(SqliteLane lane)
    {
        public SqliteLane Lane => lane;
        public List<TaskRecord> Tasks { get; } = [];
        public int At { get; set; }
    }
}
