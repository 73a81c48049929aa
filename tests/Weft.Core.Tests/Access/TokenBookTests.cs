using Microsoft.Extensions.Time.Testing;
using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Core.Tests.Access;

public sealed class TokenBookTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryTokens _store = new();
    private readonly TokenBook _book;

    public TokenBookTests() => _book = new(_store, _time);

    [Fact]
    public async Task Find_OfANewToken_KnowsItsGrant()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, ["q"]));
        Assert.Same(_store.Tokens[0], token);
        Assert.Equal(token, _book.Find(text)!.Token);
    }

    [Fact]
    public async Task Find_OfAnyOtherText_IsNobody()
    {
        var (_, text) = await CreateAsync(new(Scope.Work, []));
        Assert.Null(_book.Find(""));
        Assert.Null(_book.Find(TokenText.Create()));
        Assert.Null(_book.Find(text + "A"));
        Assert.Null(_book.Find(text.ToUpperInvariant()));
    }

    [Fact]
    public async Task Find_OfTwoTextsWhoseHashesBeginAlike_LooksAtTheWholeHash()
    {
        var text = TokenText.Create();
        var hash = TokenText.Hash(text);
        hash[^1] ^= 1;
        await _store.AddAsync(new(Scope.Admin, []), hash);
        await _book.ReloadAsync();
        Assert.Null(_book.Find(text));
    }

    [Fact]
    public async Task Find_AfterTheExpiry_IsNobody()
    {
        var (_, text) = await CreateAsync(new(Scope.Work, [], ExpiresAt: _time.GetUtcNow().AddDays(7)));
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(_book.Find(text));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_book.Find(text));
        Assert.Empty(_book.Live);
    }

    [Fact]
    public async Task Revoke_CountsAtOnce()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, []));
        var (_, other) = await CreateAsync(new(Scope.Work, []));
        var (caller, bystander) = (_book.Find(text)!, _book.Find(other)!);
        Assert.True(await _book.RevokeAsync(token.Id));
        Assert.Null(_book.Find(text));
        Assert.True(caller.HasEnded(_time.GetUtcNow()));
        Assert.False(bystander.HasEnded(_time.GetUtcNow()));
        Assert.NotNull(_book.Find(other));
        Assert.False(await _book.RevokeAsync(token.Id));
    }

    [Fact]
    public async Task Reload_SeesWhatOthersChangedInTheStore()
    {
        var (token, text) = await CreateAsync(new(Scope.Work, []));
        var theirs = TokenText.Create();
        await _store.RemoveAsync(token.Id);
        await _store.AddAsync(new(Scope.Read, []), TokenText.Hash(theirs));
        var caller = _book.Find(text)!;
        await _book.ReloadAsync();
        Assert.True(caller.HasEnded(_time.GetUtcNow()));
        Assert.Null(_book.Find(text));
        Assert.Equal(Scope.Read, _book.Find(theirs)!.Token!.Grant.Scopes);
    }

    [Fact]
    public async Task Caller_MayWait_NoLongerThanItsTokenLives()
    {
        var end = _time.GetUtcNow().AddSeconds(10);
        var (_, text) = await CreateAsync(new(Scope.Work, [], ExpiresAt: end));
        var (_, lasting) = await CreateAsync(new(Scope.Work, []));
        var (caller, other) = (_book.Find(text)!, _book.Find(lasting)!);
        var wait = TimeSpan.FromSeconds(25);
        Assert.InRange(caller.Cut(wait, _time.GetUtcNow()), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.1));
        Assert.Equal(TimeSpan.FromSeconds(3), caller.Cut(TimeSpan.FromSeconds(3), _time.GetUtcNow()));
        Assert.False(caller.HasEnded(end.AddMilliseconds(-1)));
        Assert.True(caller.HasEnded(end));
        Assert.Equal(TimeSpan.Zero, caller.Cut(wait, end.AddSeconds(1)));
        Assert.Equal(wait, other.Cut(wait, end));
        Assert.Equal(wait, Caller.Anybody.Cut(wait, end));
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
        Assert.Equal(has, _book.Find(text)!.Has(anyOf));
    }

    private async Task<(StoredToken Token, string Text)> CreateAsync(TokenGrant grant)
    {
        var created = await _book.CreateAsync(grant);
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

        public Task<bool> RemoveAsync(TokenId id) => Task.FromResult(Tokens.RemoveAll(token => token.Id == id) > 0);

        public Task<IReadOnlyList<StoredToken>> ListAsync() => Task.FromResult<IReadOnlyList<StoredToken>>([.. Tokens]);
    }
}
