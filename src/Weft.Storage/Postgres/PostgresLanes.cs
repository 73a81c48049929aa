using System.Collections.Concurrent;
using Weft.Core.Matching;

namespace Weft.Storage.Postgres;

/// <summary>The tasks of one queue that ask the same of their worker.</summary>
internal sealed record PostgresLane(int Id, string Queue, Requirements Requires);

/// <summary>
/// The lanes that this process knows. They are only ever added, so that what is known stays true while the database stays the same one;
/// what another coordinator has added is read when something mentions it.
/// </summary>
internal sealed class PostgresLanes
{
    private readonly ConcurrentDictionary<int, PostgresLane> _byId = new();
    private readonly ConcurrentDictionary<string, PostgresLane[]> _byQueue = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The newest one that is known; 0 for none.</summary>
    public int Last { get; private set; }

    /// <summary>Whether a queue had a module at the last look, so that a task's lane depends on that. Each transaction looks.</summary>
    public bool QueuesHaveModules { get; set; }

    /// <summary>How many queues these lanes are in.</summary>
    public int QueuesOf(IEnumerable<int> lanes) => lanes.Select(lane => Find(lane)?.Queue).Distinct().Count();

    public PostgresLane? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The lanes of a queue; none when nothing was ever submitted to it.</summary>
    public PostgresLane[] Of(string queue) => _byQueue.TryGetValue(queue, out var lanes) ? lanes : [];

    public PostgresLane? Find(string queue, Requirements requires)
    {
        foreach (var lane in Of(queue))
        {
            if (lane.Requires.Equals(requires)) return lane;
        }

        return null;
    }

    public void Add(PostgresLane lane)
    {
        lock (_gate)
        {
            if (!_byId.TryAdd(lane.Id, lane)) return;
            _byQueue.AddOrUpdate(lane.Queue, static (_, added) => [added], static (_, lanes, added) => [.. lanes, added], lane);
            Last = Math.Max(Last, lane.Id);
        }
    }

    /// <summary>
    /// Takes over what a server says that may be another one by now: a standby that didn't get the last commits has fewer lanes, and may
    /// have given their numbers to others.
    /// </summary>
    /// <param name="stored">All lanes of the database.</param>
    public void Replace(IReadOnlySet<PostgresLane> stored)
    {
        lock (_gate)
        {
            if (!stored.IsSupersetOf(_byId.Values))
            {
                _byId.Clear();
                _byQueue.Clear();
                Last = 0;
            }

            foreach (var lane in stored.OrderBy(static lane => lane.Id)) Add(lane);
        }
    }
}
