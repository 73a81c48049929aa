using Weft.Core;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The ready tasks of some lanes in claim order. Each lane offers its own first tasks (tasks_ready), a few at a time: a
/// claim of a thousand tasks from a thousand lanes must not read a million.
/// </summary>
internal sealed class SqliteOffers
{
    private static readonly Comparer<TaskRecord> InOrder = Comparer<TaskRecord>.Create(TaskOrder.Compare);

    private readonly SqliteTasks _tasks;
    private readonly TaskClaim _claim;
    private readonly Locality _locality;
    private readonly long[]? _sets;
    private readonly Dictionary<TaskId, long?> _files = [];
    private readonly int _few;
    private readonly PriorityQueue<LaneOffer, TaskRecord> _first = new(InOrder);
    private LaneOffer? _spent;

    /// <param name="tasks">The rows of tasks.</param>
    /// <param name="lanes">The claim's lanes.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="locality">Which of a lane's first tasks goes to a worker that has had files.</param>
    public SqliteOffers(SqliteTasks tasks, List<SqliteLane> lanes, TaskClaim claim, Locality locality)
    {
        _tasks = tasks;
        _claim = claim;
        _locality = locality;
        _sets = lanes.Exists(static lane => lane.Requires.HasFiles) ? locality.SetsOf(claim.WorkerId) : null;
        _few = lanes.Count <= 1 ? claim.Missing : 1 + claim.Missing / lanes.Count;
        foreach (var lane in lanes) Read(new(lane) { Asked = _few });
    }

    /// <summary>The next task, which must be claimed before the next call; null: there is none.</summary>
    public TaskRecord? Next()
    {
        // All tasks that this lane has offered so far are claimed: its first tasks are now others.
        if (_spent is not null) Read(_spent);
        _spent = null;
        LaneOffer? offer;
        TaskRecord? task;
        do
        {
            if (!_first.TryDequeue(out offer, out task)) return null;
        }
        while (!_claim.IsAllowed(offer.Lane));

        if (_sets is not null && offer.Lane.Requires.HasFiles) task = ChooseLocal(offer, task, _sets);
        if (++offer.At < offer.Tasks.Count) _first.Enqueue(offer, offer.Tasks[offer.At]);
        else if (offer.At == offer.Asked) _spent = offer;
        return task;
    }

    /// <summary>Moves the task that the worker gets before those that it passes over.</summary>
    private TaskRecord ChooseLocal(LaneOffer offer, TaskRecord foremost, long[] sets)
    {
        if (Locality.Has(sets, FilesOf(foremost))) return foremost;
        // Only now is it worth reading more. Those before this one are already claimed.
        if (offer.Tasks.Count - offer.At < Limits.LocalityDepthMax && offer.Tasks.Count == offer.Asked)
        {
            offer.Asked = Math.Max(_few, Limits.LocalityDepthMax);
            Fill(offer);
        }

        var at = _locality.Choose(offer.Tasks, offer.At, sets, static task => task, FilesOf);
        var chosen = offer.Tasks[at];
        offer.Tasks.RemoveAt(at);
        offer.Tasks.Insert(offer.At, chosen);
        return chosen;
    }

    private long? FilesOf(TaskRecord task)
    {
        if (!_files.TryGetValue(task.Id, out var files)) _files.Add(task.Id, files = _tasks.FilesOf(task.Id));
        return files;
    }

    private void Read(LaneOffer offer)
    {
        Fill(offer);
        if (offer.Tasks.Count > 0) _first.Enqueue(offer, offer.Tasks[0]);
    }

    private void Fill(LaneOffer offer)
    {
        offer.Tasks.Clear();
        offer.At = 0;
        _tasks.Offer(offer.Lane, offer.Asked, offer.Tasks);
    }

    private sealed class LaneOffer(SqliteLane lane)
    {
        public SqliteLane Lane => lane;
        public List<TaskRecord> Tasks { get; } = [];
        public int At { get; set; }
        public int Asked { get; set; }
    }
}
