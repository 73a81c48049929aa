using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Weft.Core.Storage;

namespace Weft.Core.Access;

/// <summary>
/// The tokens at hand: who presents one is recognised without a query, and a wrong one costs no query either.
/// There are at most <see cref="Limits.TokensMax"/>. What this process creates or revokes counts at once;
/// what others do through the same store counts after the next <see cref="ReloadAsync"/>.
/// </summary>
public sealed class TokenBook(ITokenStore store, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile FrozenDictionary<long, Caller> _byHash = FrozenDictionary<long, Caller>.Empty;

    /// <summary>Tokens that are valid now.</summary>
    public IEnumerable<StoredToken> Live
    {
        get
        {
            var now = time.GetUtcNow();
            return _byHash.Values.Select(static caller => caller.Token!).Where(token => token.IsLive(now));
        }
    }

    /// <summary>Who presents <paramref name="text"/>; null: that is no valid token.</summary>
    public Caller? Find(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[TokenText.HashBytes];
        if (!TokenText.TryHash(text, hash) || !_byHash.TryGetValue(KeyOf(hash), out var caller)) return null;
        var token = caller.Token!;
        // The key is a part of the hash; the whole is compared in a time that says nothing about where they differ.
        if (!CryptographicOperations.FixedTimeEquals(hash, token.Hash.Span)) return null;
        return token.Grant.ExpiresAt is null || token.IsLive(time.GetUtcNow()) ? caller : null;
    }

    /// <summary>Makes a token. Its text is told here and never again.</summary>
    /// <returns>Null: there are as many as there may be.</returns>
    public async Task<(StoredToken Token, string Text)?> CreateAsync(TokenGrant grant)
    {
        var text = TokenText.Create();
        if (await store.AddAsync(grant, TokenText.Hash(text)) is not { } token) return null;
        lock (_gate) Hold([.. _byHash.Values, new(token)]);
        return (token, text);
    }

    /// <summary>Makes a token worthless at once. False: there is none.</summary>
    public async Task<bool> RevokeAsync(TokenId id)
    {
        var removed = await store.RemoveAsync(id);
        lock (_gate) Hold(_byHash.Values.Where(caller => caller.Token!.Id != id));
        return removed;
    }

    /// <summary>Reads the store's tokens: at start, and again where other processes change them.</summary>
    public async Task ReloadAsync()
    {
        for (; ; )
        {
            var before = _byHash;
            var tokens = await store.ListAsync();
            lock (_gate)
            {
                // Read before a change of this process, the list would bring back what that has just revoked.
                if (before != _byHash) continue;
                // The same caller for the same token: requests that wait look at theirs.
                Hold(tokens.Select(token => before.GetValueOrDefault(KeyOf(token.Hash.Span)) ?? new(token)));
                return;
            }
        }
    }

    private void Hold(IEnumerable<Caller> callers)
    {
        var before = _byHash;
        _byHash = callers.ToFrozenDictionary(static caller => KeyOf(caller.Token!.Hash.Span));
        foreach (var (hash, caller) in before)
        {
            if (!_byHash.ContainsKey(hash)) caller.Revoke();
        }
    }

    private static long KeyOf(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<long>(hash);
}
