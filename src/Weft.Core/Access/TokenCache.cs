using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Weft.Core.Storage;

namespace Weft.Core.Access;

/// <summary>
/// The store's tokens in memory, at most <see cref="Limits.TokensMax"/>: neither a valid nor an invalid token costs a
/// query. Changes by this process take effect at once; changes by others to the same store, after the next
/// <see cref="ReloadAsync"/>.
/// </summary>
public sealed class TokenCache(ITokenStore store, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile FrozenDictionary<long, Caller> _byHash = FrozenDictionary<long, Caller>.Empty;

    /// <summary>The currently valid tokens.</summary>
    public IEnumerable<StoredToken> Live
    {
        get
        {
            var now = time.GetUtcNow();
            return _byHash.Values.Select(static caller => caller.Token!).Where(token => token.IsLive(now));
        }
    }

    /// <summary>All tokens of the store, oldest first, including expired ones.</summary>
    public Task<IReadOnlyList<StoredToken>> ListAsync() => store.ListAsync();

    /// <summary>The caller with the token <paramref name="text"/>; null: it is not a valid token.</summary>
    public Caller? Find(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[TokenText.HashBytes];
        if (!TokenText.TryHash(text, hash) || !_byHash.TryGetValue(KeyOf(hash), out var caller)) return null;
        var token = caller.Token!;
        // The key is only a part of the hash. Compare the whole in constant time, so that timing doesn't reveal where
        // they differ.
        if (!CryptographicOperations.FixedTimeEquals(hash, token.Hash.Span)) return null;
        return token.Grant.ExpiresAt is null || token.IsLive(time.GetUtcNow()) ? caller : null;
    }

    /// <summary>Creates a token. Its text is returned only here.</summary>
    /// <returns>Null: the limit of <see cref="Limits.TokensMax"/> is reached.</returns>
    public async Task<(StoredToken Token, string Text)?> CreateAsync(TokenGrant grant)
    {
        var text = TokenText.Create();
        if (await store.AddAsync(grant, TokenText.Hash(text)) is not { } token) return null;
        lock (_gate) Hold([.. _byHash.Values, new(token)]);
        return (token, text);
    }

    /// <summary>
    /// Creates the first tokens, one for each grant, unless an admin token exists. Their texts are returned only here.
    /// </summary>
    /// <returns>Null: an admin token exists, or there would be too many.</returns>
    public async Task<IReadOnlyList<string>?> CreateFirstAsync(params TokenGrant[] grants)
    {
        var texts = Array.ConvertAll(grants, static _ => TokenText.Create());
        if (await store.AddFirstAsync([.. grants.Zip(texts,
            static (grant, text) => new FirstToken(grant, TokenText.Hash(text)))]) is not { } tokens) return null;
        lock (_gate) Hold([.. _byHash.Values, .. tokens.Select(static token => new Caller(token))]);
        return texts;
    }

    /// <summary>Revokes a token, effective immediately. False: it doesn't exist.</summary>
    public async Task<bool> RevokeAsync(TokenId id)
    {
        var removed = await store.RemoveAsync(id);
        lock (_gate) Hold(_byHash.Values.Where(caller => caller.Token!.Id != id));
        return removed;
    }

    /// <summary>Reads the store's tokens: at start, and periodically if other processes may change them.</summary>
    public async Task ReloadAsync()
    {
        for (; ; )
        {
            var before = _byHash;
            var tokens = await store.ListAsync();
            lock (_gate)
            {
                // This process has changed the tokens since the list was read, so it may contain a token that was just
                // revoked: read again.
                if (before != _byHash) continue;
                // Keep the caller of a token that still exists: waiting requests refer to it. A hash of another length
                // is damaged, or another program's: nobody can present its token.
                Hold(tokens.Where(static token => token.Hash.Length == TokenText.HashBytes)
                    .Select(token => before.GetValueOrDefault(KeyOf(token.Hash.Span)) ?? new(token)));
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
