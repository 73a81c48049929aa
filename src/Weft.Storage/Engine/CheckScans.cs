using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>A position in the order in which a lane's checks are claimed: after this check.</summary>
internal readonly record struct CheckPlace(long Priority, long Id)
{
    public static CheckPlace Front { get; } = new(int.MaxValue, 0);
}

/// <summary>A range of a lane's ready checks, which a claim examines.</summary>
/// <param name="Lane">The lane's id.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Max">Its maximum length.</param>
internal readonly record struct CheckWindow(long Lane, CheckPlace From, int Max);

/// <summary>
/// Which checks of a lane a claim examines: the first few, and, if its worker may not have those, the next range with
/// each claim, until it has seen all and starts over. So each claim has the same maximum cost, and checks that no
/// present worker may have can't hide those after them. The positions are hints in this process's memory. Thread-safe.
/// </summary>
internal sealed class CheckScans
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Lane, IdentityId Worker), CheckPlace> _places = [];
    private readonly Dictionary<long, DateTimeOffset> _shortAt = [];

    /// <summary>The ranges for a worker's next claim, in order.</summary>
    public IEnumerable<CheckWindow> WindowsOf(long lane, IdentityId worker)
    {
        yield return new(lane, CheckPlace.Front, Limits.ChecksScanMax);
        CheckPlace place;
        lock (_gate)
        {
            if (!_places.TryGetValue((lane, worker), out place)) yield break;
        }

        yield return new(lane, place, Limits.ChecksScanBehindMax);
    }

    /// <summary>A claim found too few checks in its ranges: its worker's next claim continues there.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="window">The last range that it examined.</param>
    /// <param name="end">Where that ended; null: there were no more checks.</param>
    /// <param name="now">The time.</param>
    public void Note(IdentityId worker, CheckWindow window, CheckPlace? end, DateTimeOffset now)
    {
        lock (_gate)
        {
            var key = (window.Lane, worker);
            if (end is { } place)
            {
                // Only hints: without them, a claim starts at the front.
                if (_places.Count >= Limits.CheckScansMax) _places.Clear();
                _places[key] = place;
                _shortAt.Remove(window.Lane);
            }
            else if (!_places.Remove(key) && window.From == CheckPlace.Front)
            {
                if (_shortAt.Count >= Limits.CheckScansMax) _shortAt.Clear();
                _shortAt[window.Lane] = now;
            }
        }
    }

    /// <summary>Whether a recent claim that examined the lane's front saw all of it.</summary>
    public bool IsShort(long lane, DateTimeOffset now)
    {
        lock (_gate) return _shortAt.TryGetValue(lane, out var at) && (now - at).Duration() < Limits.CheckLaneShortTime;
    }
}
