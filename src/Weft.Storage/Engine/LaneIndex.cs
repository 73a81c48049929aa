using System.Collections.Concurrent;
using Weft.Core.Matching;

namespace Weft.Storage.Engine;

/// <summary>
/// The lanes that a process knows, by id and by queue. Any thread may look up; additions and removals must be
/// serialized.
/// </summary>
internal class LaneIndex<TLane>
    where TLane : Lane
{
    private readonly ConcurrentDictionary<long, TLane> _byId = new();
    private readonly ConcurrentDictionary<string, TLane[]> _byQueue = new(StringComparer.Ordinal);

    public ICollection<TLane> All => _byId.Values;

    public TLane? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>The lanes of a queue; none if nothing was ever submitted to it.</summary>
    public TLane[] Of(string queue) => _byQueue.TryGetValue(queue, out var lanes) ? lanes : [];

    public TLane? Find(string queue, Requirements requires)
    {
        foreach (var lane in Of(queue))
        {
            if (lane.Requires.Equals(requires)) return lane;
        }

        return null;
    }

    /// <summary>False: a lane with this id already exists.</summary>
    protected bool TryPut(TLane lane)
    {
        if (!_byId.TryAdd(lane.Id, lane)) return false;
        _byQueue.AddOrUpdate(
            lane.Queue, static (_, added) => [added], static (_, lanes, added) => [.. lanes, added], lane);
        return true;
    }

    protected bool TryTake(TLane lane)
    {
        var isTaken = _byId.TryRemove(lane.Id, out _);
        var left = Array.FindAll(Of(lane.Queue), other => other != lane);
        if (left.Length > 0) _byQueue[lane.Queue] = left;
        else _byQueue.TryRemove(lane.Queue, out _);
        return isTaken;
    }

    protected void Clear()
    {
        _byId.Clear();
        _byQueue.Clear();
    }
}
