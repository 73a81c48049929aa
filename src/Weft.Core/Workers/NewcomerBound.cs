using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>
/// How many new keys a network may have in an hour: a name that lost its worth must not be replaced for nothing. In
/// memory, for one coordinator. Safe for use by many threads.
/// </summary>
public sealed class NewcomerBound(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<NetworkKey, (long Since, int Count)> _networks = [];

    /// <summary>Takes one of the network's places. Null, or how long until there is one.</summary>
    public TimeSpan? Take(NetworkKey network)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_networks.TryGetValue(network, out var taken) || time.GetElapsedTime(taken.Since, now) >= Span)
            {
                if (_networks.Count >= Limits.NewcomerNetworksMax) ForgetOld(now);
                // A flood from that many networks has what it wants: nobody new comes in for a while.
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
