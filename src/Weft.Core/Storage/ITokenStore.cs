using Weft.Core.Access;

namespace Weft.Core.Storage;

/// <summary>
/// Where tokens live, without their texts. When a verb that changes something has answered, the change is on disk.
/// Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ITokenStore
{
    /// <summary>Stores a new token; null when there are <see cref="Limits.TokensMax"/> already. Expired ones make room.</summary>
    Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash);

    /// <summary>Deletes a token; false when there is none. Its number isn't given out again: tasks remember their submitters by it.</summary>
    Task<bool> RemoveAsync(TokenId id);

    /// <summary>All tokens, the oldest first, expired ones too.</summary>
    Task<IReadOnlyList<StoredToken>> ListAsync();
}
