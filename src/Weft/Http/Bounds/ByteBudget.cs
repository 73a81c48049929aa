namespace Weft.Http.Bounds;

/// <summary>
/// Bytes of large bodies, requests' and answers', that are in memory at once. Small ones aren't counted:
/// the number of connections bounds those.
/// </summary>
/// <param name="max">For all requests together. New work gets three quarters of it.</param>
internal sealed class ByteBudget(long max)
{
    private long _taken;
    private long _peak;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>The most that was taken at once since this was asked last.</summary>
    public long TakePeak() => Interlocked.Exchange(ref _peak, Taken);

    /// <summary>False: there is no room, and nothing was taken.</summary>
    public bool TryTake(long bytes, Urgency urgency)
    {
        var room = urgency == Urgency.BringsWork ? max - max / 4 : max;
        var taken = Interlocked.Add(ref _taken, bytes);
        if (taken <= room)
        {
            // Two at once may miss the higher of two peaks, by the size of one body.
            if (taken > Interlocked.Read(ref _peak)) Interlocked.Exchange(ref _peak, taken);
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
