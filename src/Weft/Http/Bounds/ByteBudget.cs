namespace Weft.Http.Bounds;

/// <summary>
/// Bytes of large bodies, requests' and answers', that are in memory at once. Small ones aren't counted:
/// the number of connections bounds those.
/// </summary>
/// <param name="max">For all requests together. New work gets three quarters of it.</param>
internal sealed class ByteBudget(long max)
{
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>False: there is no room, and nothing was taken.</summary>
    public bool TryTake(long bytes, Urgency urgency)
    {
        var room = urgency == Urgency.BringsWork ? max - max / 4 : max;
        if (Interlocked.Add(ref _taken, bytes) <= room) return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
