namespace Weft.Http.Bounds;

/// <summary>
/// Token buckets for any number of clients in a table of fixed size, without a lock. A bucket is one number: the time
/// at which it will be full again (the generic cell rate algorithm, ITU-T I.371). A client that has been quiet long
/// enough has a full bucket, so forgetting it loses nothing; a flood of addresses evicts the clients that have used the
/// least.
/// </summary>
/// <param name="perSecond">Requests added to a bucket each second, and its size: that many may arrive at once.</param>
/// <param name="ticksPerSecond">The unit of the times passed to <see cref="TryTake"/>.</param>
internal sealed class RateTable(int perSecond, long ticksPerSecond)
{
    private const int SlotCount = 1 << 14;
    private const int Probes = 4;

    private readonly long _ticksPerRequest = Math.Max(1, ticksPerSecond / perSecond);
    private readonly Slot[] _slots = new Slot[SlotCount];

    // Random, so that outsiders can't tell which clients share a neighbourhood.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>Takes one token from the client's bucket.</summary>
    /// <param name="client">A client that is counted.</param>
    /// <param name="now">A monotonic time, in ticks.</param>
    /// <returns>Zero if there was a token, otherwise the ticks until there is one.</returns>
    public long TryTake(ClientKey client, long now)
    {
        ref var slot = ref Find(client.Number, now);
        for (; ; )
        {
            var full = Interlocked.Read(ref slot.FullAt);
            var next = Math.Max(full, now) + _ticksPerRequest;
            var missing = next - now - ticksPerSecond;
            if (missing > 0) return missing;
            if (Interlocked.CompareExchange(ref slot.FullAt, next, full) == full) return 0;
        }
    }

    private ref Slot Find(ulong key, long now)
    {
        var start = (int)((key * _seed) >> 40);
        if (IndexOf(key, start) is var known and >= 0) return ref _slots[known];

        var emptiest = start & (SlotCount - 1);
        var emptiestFull = long.MaxValue;
        for (var probe = 0; probe < Probes; probe++)
        {
            var index = (start + probe) & (SlotCount - 1);
            var full = Interlocked.Read(ref _slots[index].FullAt);
            if (full >= emptiestFull) continue;
            emptiestFull = full;
            emptiest = index;
        }

        // A thread that has just taken over a slot for the same client wrote the key before the time: having read the
        // time, we see the key.
        if (IndexOf(key, start) is var taken and >= 0) return ref _slots[taken];
        ref var slot = ref _slots[emptiest];
        // Two threads that take over the same slot at once share it for a moment: each client is charged for more,
        // never for less.
        Volatile.Write(ref slot.Key, key);
        Interlocked.CompareExchange(ref slot.FullAt, now, emptiestFull);
        return ref slot;
    }

    /// <summary>The client's slot in its neighbourhood; -1 if it has none.</summary>
    private int IndexOf(ulong key, int start)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var index = (start + probe) & (SlotCount - 1);
            if (Volatile.Read(ref _slots[index].Key) == key) return index;
        }

        return -1;
    }

    private struct Slot
    {
        public ulong Key;
        public long FullAt;
    }
}
