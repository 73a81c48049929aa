using Weft.Core.Storage;
using Weft.Core.Verification;

namespace Weft.Core.UseCases;

/// <summary>
/// The workers that get no more verified tasks of a queue, read at intervals for all claims. The answers of a barred
/// worker have no weight, so a claim that slips through does no harm.
/// </summary>
public sealed class BarredWorkers(IVerificationStore store, TimeProvider time)
{
    private readonly SharedRead<Known> _reads = new(() => ReadAsync(store, time));
    private volatile Known? _known;

    /// <summary>Whether the worker is barred from one of these queues.</summary>
    public async ValueTask<bool> AnyAsync(IdentityId identity, IReadOnlyList<string> queues)
    {
        var known = await ReadAsync();
        return known.Barred.Count > 0 && queues.Any(queue => known.Barred.ContainsKey((identity, queue)));
    }

    /// <summary>Whether the worker is barred from any queue at all.</summary>
    public async ValueTask<bool> AnywhereAsync(IdentityId identity) => (await ReadAsync()).Workers.Contains(identity);

    /// <summary>How many of each queue have been barred since then.</summary>
    public async ValueTask<IReadOnlyDictionary<string, int>> CountAsync(DateTimeOffset since) =>
        (await ReadAsync()).Barred.Where(worker => worker.Value >= since)
            .CountBy(static worker => worker.Key.Queue).ToDictionary(StringComparer.Ordinal);

    private async ValueTask<Known> ReadAsync() =>
        _known is { } read && time.GetElapsedTime(read.At) < Limits.VerifyBarredAge
            ? read
            : _known = await _reads.ReadAsync();

    private static async Task<Known> ReadAsync(IVerificationStore store, TimeProvider time)
    {
        var barred = await store.ListBarredAsync();
        return new(barred.ToDictionary(
            static worker => (worker.Identity, worker.Queue), static worker => worker.SeenAt),
            [.. barred.Select(static worker => worker.Identity)], time.GetTimestamp());
    }

    private sealed record Known(
        Dictionary<(IdentityId Identity, string Queue), DateTimeOffset> Barred, HashSet<IdentityId> Workers, long At);
}
