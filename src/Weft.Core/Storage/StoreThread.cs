namespace Weft.Core.Storage;

/// <summary>
/// Tells threads on which a store makes its changes from all others. Such a thread may also run what follows a short
/// answer; whatever would hold it up for longer, or isn't part of that answer, belongs elsewhere.
/// </summary>
public static class StoreThread
{
    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>Whether the calling thread is one.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>Makes the calling thread one, for the rest of its life.</summary>
    public static void Enter() => _isCurrent = true;
}
