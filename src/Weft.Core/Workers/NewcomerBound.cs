using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>
/// How many new keys a network may get in an hour: a worker with a bad reputation must not be able to replace its key
/// freely. In memory, for one coordinator. Safe for use by many threads.
/// </summary>
public sealed class NewcomerBound(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<NetworkKey, (long Since, int Count)> _networks = [];

    /// <summary>Takes one of the network's slots. Null, or how long until there is one.</summary>
    public TimeSpan? Take(NetworkKey network)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_networks.TryGetValue(network, out var taken) || time.GetElapsedTime(taken.Since, now) >= Span)
            {
                if (_networks.Count >= Limits.NewcomerNetworksMax) ForgetOld(now);
                // A flood from this many networks can only keep new workers out for a while.
                if (_networks.Count >= Limits.NewcomerNetworksMax) return Span;
                taken = (now, 0);
            }

            if (taken.Count == Limits.NewcomersMax) return Span - time.GetElapsedTime(taken.Since, now);
            _networks[network] = taken with { Count = taken.Count + 1 };
            return null;
        }
    }

    private void ForgetOld(long now)
    {
        foreach (var (network, taken) in _networks)
        {
            if (time.GetElapsedTime(taken.Since, now) >= Span) _networks.Remove(network);
        }
    }
}
