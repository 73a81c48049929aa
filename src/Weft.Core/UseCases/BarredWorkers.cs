using Weft.Core.Storage;
using Weft.Core.Verification;

namespace Weft.Core.UseCases;

/// <summary>
/// Which workers get no more verified tasks of which queue, read once in a while for all claims. The answers of a
/// barred worker have no weight: a claim that slips through does no harm.
/// </summary>
public sealed class BarredWorkers(IVerificationStore store, TimeProvider time)
{
    private readonly SharedRead<Known> _reads = new(() => ReadAsync(store, time));
    private volatile Known? _known;

    /// <summary>Whether the worker is barred from one of these queues.</summary>
    public async ValueTask<bool> AnyAsync(IdentityId identity, IReadOnlyList<string> queues)
    {
        var known = _known is { } read && time.GetElapsedTime(read.At) < Limits.VerifyBarredAge
            ? read
            : _known = await _reads.ReadAsync();
        return known.Barred.Count > 0 && queues.Any(queue => known.Barred.Contains((identity, queue)));
    }

    private static async Task<Known> ReadAsync(IVerificationStore store, TimeProvider time) =>
        new([.. await store.ListBarredAsync()], time.GetTimestamp());

    private sealed record Known(HashSet<(IdentityId, string)> Barred, long At);
}
