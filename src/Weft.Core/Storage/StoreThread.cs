namespace Weft.Core.Storage;

/// <summary>
/// Marks the threads on which a store makes its changes. Such a thread may also run the continuation of a short
/// response; anything longer, or not part of that response, must run elsewhere.
/// </summary>
public static class StoreThread
{
    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>Whether the calling thread is marked.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>Marks the calling thread, for the rest of its life.</summary>
    public static void Enter() => _isCurrent = true;
}
