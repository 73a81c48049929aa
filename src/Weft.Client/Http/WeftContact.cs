namespace Weft.Client.Http;

/// <summary>
/// Tracks whether a coordinator has ever answered, and whether it currently does. Safe for use by many threads.
/// </summary>
internal sealed class WeftContact
{
    private int _isTroubled;

    /// <summary>
    /// True once a coordinator has answered. From then on, a response that isn't the coordinator's means a failure in
    /// between, such as at a proxy.
    /// </summary>
    public bool WasReached { get; private set; }

    /// <summary>The coordinator's version; empty if unknown, null if it was never queried.</summary>
    public string? Version { get; set; }

    public void Trouble() => Volatile.Write(ref _isTroubled, 1);

    /// <returns>True if this is the first response after a failure.</returns>
    public bool Reach()
    {
        WasReached = true;
        return Volatile.Read(ref _isTroubled) == 1 && Interlocked.Exchange(ref _isTroubled, 0) == 1;
    }
}
