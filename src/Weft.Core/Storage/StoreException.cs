namespace Weft.Core.Storage;

public enum StoreErrorKind : byte
{
    /// <summary>More is waiting to be written than the store takes on; try again soon.</summary>
    Overloaded,

    /// <summary>There is no room for the write; reads go on.</summary>
    Full,

    /// <summary>The store is closing or its disk or server is lost.</summary>
    Unavailable,

    /// <summary>The store was lost while it committed: whether the change happened can't be known.</summary>
    Unknown,

    /// <summary>The database can't be opened: locked, newer, unreadable or damaged.</summary>
    Unusable,
}

/// <summary>The store could not do what it was asked. The message is one line, for people.</summary>
public sealed class StoreException(StoreErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public StoreErrorKind Kind { get; } = kind;
}
