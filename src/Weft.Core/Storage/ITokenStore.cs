using Weft.Core.Access;

namespace Weft.Core.Storage;

/// <summary>
/// Stores tokens, without their texts. A change is on disk when its operation returns. Each operation throws
/// <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ITokenStore
{
    /// <summary>
    /// Stores a new token; null if there are already <see cref="Limits.TokensMax"/>. Expired tokens are deleted to make
    /// space.
    /// </summary>
    Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash);

    /// <summary>
    /// Stores the first tokens, all or none. Null: there is a valid admin token, or no space for all of them. If
    /// several coordinators start on a store at once, only one stores its own.
    /// </summary>
    Task<IReadOnlyList<StoredToken>?> AddFirstAsync(IReadOnlyList<FirstToken> tokens);

    /// <summary>
    /// Deletes a token; false if it doesn't exist. Its number isn't reused: tasks store their submitters by it.
    /// </summary>
    Task<bool> RemoveAsync(TokenId id);

    /// <summary>All tokens, oldest first, including expired ones.</summary>
    Task<IReadOnlyList<StoredToken>> ListAsync();
}

/// <summary>A token to store.</summary>
/// <param name="Grant">Its permissions.</param>
/// <param name="Hash">SHA-256 of its text.</param>
public readonly record struct FirstToken(TokenGrant Grant, ReadOnlyMemory<byte> Hash);
