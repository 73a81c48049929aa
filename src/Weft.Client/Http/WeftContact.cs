namespace Weft.Client.Http;

/// <summary>Whether a coordinator has ever answered, and whether it does now. Safe for use by many threads.</summary>
internal sealed class WeftContact
{
    private int _isTroubled;

    /// <summary>
    /// True once a coordinator has answered: what isn't its answer is from then on a disturbance on the way.
    /// </summary>
    public bool WasReached { get; private set; }

    /// <summary>The coordinator's version; empty: it isn't known, and null: nobody has asked.</summary>
    public string? Version { get; set; }

    public void Trouble() => Volatile.Write(ref _isTroubled, 1);

    /// <returns>True: there was trouble, and this is the first answer after it.</returns>
    public bool Reach()
    {
        WasReached = true;
        return Volatile.Read(ref _isTroubled) == 1 && Interlocked.Exchange(ref _isTroubled, 0) == 1;
    }
}
