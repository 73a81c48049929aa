using Microsoft.Extensions.Time.Testing;
using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Core.Tests.Access;

public sealed class TokenCacheTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryTokens _store = new();
    private readonly TokenCache _tokens;

    public TokenCacheTests() => _tokens = new(_store, _time);

    [Fact]
    public async Task Find_OfANewToken_KnowsItsGrant()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, ["q"]));
        Assert.Same(_store.Tokens[0], token);
        Assert.Equal(token, _tokens.Find(text)!.Token);
    }

    [Fact]
    public async Task Find_OfAnyOtherText_IsNobody()
    {
        var (_, text) = await CreateAsync(new(Scope.Work, []));
        Assert.Null(_tokens.Find(""));
        Assert.Null(_tokens.Find(TokenText.Create()));
        Assert.Null(_tokens.Find(text + "A"));
        Assert.Null(_tokens.Find(text.ToUpperInvariant()));
    }

    [Fact]
    public async Task Find_OfTwoTextsWhoseHashesBeginAlike_LooksAtTheWholeHash()
    {
        var text = TokenText.Create();
        var hash = TokenText.Hash(text);
        hash[^1] ^= 1;
        await _store.AddAsync(new(Scope.Admin, []), hash);
        await _tokens.ReloadAsync();
        Assert.Null(_tokens.Find(text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task Reload_OfAHashOfAnotherLength_LeavesItOut(int length)
    {
        await _store.AddAsync(new(Scope.Admin, []), new byte[length]);
        var (token, text) = await CreateAsync(new(Scope.Work, []));
        await _tokens.ReloadAsync();
        Assert.Equal(token, _tokens.Find(text)!.Token);
        Assert.Equal([token], _tokens.Live);
    }

    [Fact]
    public async Task Find_AfterTheExpiry_IsNobody()
    {
        var (_, text) = await CreateAsync(new(Scope.Work, [], ExpiresAt: _time.GetUtcNow().AddDays(7)));
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(_tokens.Find(text));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_tokens.Find(text));
        Assert.Empty(_tokens.Live);
    }

    [Fact]
    public async Task Revoke_CountsAtOnce()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, []));
        var (_, other) = await CreateAsync(new(Scope.Work, []));
        var (caller, bystander) = (_tokens.Find(text)!, _tokens.Find(other)!);
        Assert.True(await _tokens.RevokeAsync(token.Id));
        Assert.Null(_tokens.Find(text));
        Assert.True(caller.HasEnded(_time.GetUtcNow()));
        Assert.False(bystander.HasEnded(_time.GetUtcNow()));
        Assert.NotNull(_tokens.Find(other));
        Assert.False(await _tokens.RevokeAsync(token.Id));
    }

    [Fact]
    public async Task Reload_SeesWhatOthersChangedInTheStore()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, []));
        var theirs = TokenText.Create();
        await _store.RemoveAsync(token.Id);
        await _store.AddAsync(new(Scope.Read, []), TokenText.Hash(theirs));
        var caller = _tokens.Find(text)!;
        await _tokens.ReloadAsync();
        Assert.True(caller.HasEnded(_time.GetUtcNow()));
        Assert.Null(_tokens.Find(text));
        Assert.Equal(Scope.Read, _tokens.Find(theirs)!.Token!.Grant.Scopes);
    }

    [Fact]
    public async Task Caller_MayWait_NoLongerThanItsTokenLives()
    {
        var end = _time.GetUtcNow().AddSeconds(10);
        var (_, text) = await CreateAsync(new(Scope.Work, [], ExpiresAt: end));
        var (_, lasting) = await CreateAsync(new(Scope.Work, []));
        var (caller, other) = (_tokens.Find(text)!, _tokens.Find(lasting)!);
        var wait = TimeSpan.FromSeconds(25);
        Assert.InRange(caller.LimitToTokenLifetime(wait, _time), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.1));
        Assert.Equal(TimeSpan.FromSeconds(3), caller.LimitToTokenLifetime(TimeSpan.FromSeconds(3), _time));
        Assert.False(caller.HasEnded(end.AddMilliseconds(-1)));
        Assert.True(caller.HasEnded(end));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.Zero, caller.LimitToTokenLifetime(wait, _time));
        Assert.Equal(wait, other.LimitToTokenLifetime(wait, _time));
        Assert.Equal(wait, Caller.Anybody.LimitToTokenLifetime(wait, _time));
        Assert.False(Caller.Anybody.HasEnded(end));
    }

    [Theory]
    [InlineData(Scope.Submit, Scope.Submit, true)]
    [InlineData(Scope.Submit, Scope.Submit | Scope.Read, true)]
    [InlineData(Scope.Submit, Scope.Read, false)]
    [InlineData(Scope.Work, Scope.Submit | Scope.Read | Scope.Admin, false)]
    [InlineData(Scope.Submit | Scope.Work, Scope.Work, true)]
    [InlineData(Scope.Admin, Scope.Work, true)]
    [InlineData(Scope.Read, Scope.Admin, false)]
    public async Task Caller_HasAScope_ByTheTokenOrAsAdmin(Scope scopes, Scope anyOf, bool has)
    {
        var (_, text) = await CreateAsync(new(scopes, []));
        Assert.Equal(has, _tokens.Find(text)!.Has(anyOf));
    }

    private async Task<(StoredToken Token, string Text)> CreateAsync(TokenGrant grant)
    {
        var created = await _tokens.CreateAsync(grant);
        Assert.NotNull(created);
        return created.Value;
    }

    private sealed class MemoryTokens : ITokenStore
    {
        public List<StoredToken> Tokens { get; } = [];

        public Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash)
        {
            Tokens.Add(new(new(Tokens.Count + 1), grant, DateTimeOffset.UnixEpoch, hash));
            return Task.FromResult<StoredToken?>(Tokens[^1]);
        }

        public async Task<IReadOnlyList<StoredToken>?> AddFirstAsync(IReadOnlyList<FirstToken> tokens)
        {
            if (Tokens.Exists(static token => token.Grant.Scopes.HasFlag(Scope.Admin))) return null;
            foreach (var (grant, hash) in tokens) await AddAsync(grant, hash);
            return Tokens[^tokens.Count..];
        }

        public Task<bool> RemoveAsync(TokenId id) => Task.FromResult(Tokens.RemoveAll(token => token.Id == id) > 0);

        public Task<IReadOnlyList<StoredToken>> ListAsync() => Task.FromResult<IReadOnlyList<StoredToken>>([.. Tokens]);
    }
}
