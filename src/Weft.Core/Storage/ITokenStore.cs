using Weft.Core.Access;

namespace Weft.Core.Storage;

/// <summary>
/// Where tokens live, without their texts. When a verb that changes something has answered, the change is on disk.
/// Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ITokenStore
{
    /// <summary>
    /// Stores a new token; null when there are <see cref="Limits.TokensMax"/> already. Expired ones make room.
    /// </summary>
    Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash);

    /// <summary>
    /// Stores the first tokens, all or none. Null: there is an admin's that is valid, or no room for all of them. Of
    /// coordinators that start at once on one store, one stores its own.
    /// </summary>
    Task<IReadOnlyList<StoredToken>?> AddFirstAsync(IReadOnlyList<FirstToken> tokens);

    /// <summary>
    /// Deletes a token; false when there is none. Its number isn't given out again: tasks remember their submitters by
    /// it.
    /// </summary>
    Task<bool> RemoveAsync(TokenId id);

    /// <summary>All tokens, the oldest first, expired ones too.</summary>
    Task<IReadOnlyList<StoredToken>> ListAsync();
}

/// <summary>A token as it is brought to a store.</summary>
/// <param name="Grant">What it allows.</param>
/// <param name="Hash">SHA-256 of its text.</param>
public readonly record struct FirstToken(TokenGrant Grant, ReadOnlyMemory<byte> Hash);
