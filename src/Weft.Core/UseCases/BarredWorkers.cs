using Weft.Core.Storage;
using Weft.Core.Verification;

namespace Weft.Core.UseCases;

/// <summary>
/// Which workers get no more verified tasks of which queue, read once in a while for all claims. Its answers have no
/// weight from the moment it is barred: a claim that slips through does no harm.
/// </summary>
public sealed class BarredWorkers(IVerificationStore store, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<Known>? _reading;
    private volatile Known? _known;

    /// <summary>Whether the worker is barred from one of these queues.</summary>
    public async ValueTask<bool> AnyAsync(IdentityId identity, IReadOnlyList<string> queues)
    {
        var known = _known is { } read && time.GetElapsedTime(read.At) < Limits.VerifyBarredAge
            ? read
            : await ReadAsync();
        return known.Barred.Count > 0 && queues.Any(queue => known.Barred.Contains((identity, queue)));
    }

    /// <summary>One reads for all who wait.</summary>
    private Task<Known> ReadAsync()
    {
        lock (_gate) return _reading ??= ReadOnceAsync();
    }

    private async Task<Known> ReadOnceAsync()
    {
        await Task.Yield();
        try
        {
            return _known = new([.. await store.ListBarredAsync()], time.GetTimestamp());
        }
        finally
        {
            lock (_gate) _reading = null;
        }
    }

    private sealed record Known(HashSet<(IdentityId, string)> Barred, long At);
}
