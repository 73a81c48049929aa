using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>A place in the order in which a lane's checks are claimed: behind this one.</summary>
internal readonly record struct CheckPlace(long Priority, long Id)
{
    public static CheckPlace Front { get; } = new(int.MaxValue, 0);
}

/// <summary>Some of a lane's ready checks, which a claim looks at.</summary>
/// <param name="Lane">The lane's id.</param>
/// <param name="From">Where they begin.</param>
/// <param name="Max">How many at most.</param>
internal readonly record struct CheckWindow(long Lane, CheckPlace From, int Max);

/// <summary>
/// Which checks of a lane a claim looks at: the first few, and where its worker may not have those, some further behind
/// with each claim, until it has seen all and begins again. So each claim costs as much at most, and no number of
/// checks that nobody present may have hides those behind them. The places are hints that this process remembers. Any
/// thread may call it.
/// </summary>
internal sealed class CheckScans
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Lane, IdentityId Worker), CheckPlace> _places = [];
    private readonly Dictionary<long, DateTimeOffset> _shortAt = [];

    /// <summary>What a worker's next claim looks at, in this order.</summary>
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

    /// <summary>A claim found too few where it looked: its worker's next one goes on there.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="window">The last that it looked at.</param>
    /// <param name="end">Where that ended; null: there were no more checks.</param>
    /// <param name="now">The time.</param>
    public void Note(IdentityId worker, CheckWindow window, CheckPlace? end, DateTimeOffset now)
    {
        lock (_gate)
        {
            var key = (window.Lane, worker);
            if (end is { } place)
            {
                // Hints: who forgets them begins at the front.
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

    /// <summary>Whether a claim that looked at the lane's front a moment ago saw all of it.</summary>
    public bool IsShort(long lane, DateTimeOffset now)
    {
        lock (_gate) return _shortAt.TryGetValue(lane, out var at) && (now - at).Duration() < Limits.CheckLaneShortTime;
    }
}
