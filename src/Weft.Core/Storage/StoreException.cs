namespace Weft.Core.Storage;

public enum StoreErrorKind : byte
{
    /// <summary>Too many writes are waiting; try again soon.</summary>
    Overloaded,

    /// <summary>There is no space for the write; reads still work.</summary>
    Full,

    /// <summary>The store is closing, or has lost its disk or server.</summary>
    Unavailable,

    /// <summary>The connection was lost during a commit: whether the change was made is unknown.</summary>
    Unknown,

    /// <summary>The database can't be opened: locked, newer, unreadable or damaged.</summary>
    Unusable,
}

/// <summary>The store could not do the operation. The message is one human-readable line.</summary>
public sealed class StoreException(StoreErrorKind kind, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public StoreErrorKind Kind { get; } = kind;
}
