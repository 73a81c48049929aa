using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

public abstract class TokensConformance(IStoreHost host, Func<ITaskStore, ITokenStore> tokensOf)
    : TaskStoreConformance(host)
{
    private static readonly TokenGrant Worker = new(Scope.Work, []);

    private ITokenStore Tokens => tokensOf(Store);

    [Fact]
    public async Task Add_KeepsTheWholeGrant_ThroughARestart()
    {
        var grant = new TokenGrant(Scope.Submit | Scope.Work, ["a.b", "c_d"], "of \"Ada\"",
            DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_123));
        var added = await AddAsync(grant, fill: 7);
        await ReopenAsync();
        var token = Assert.Single(await Tokens.ListAsync());
        Assert.Equal(added.Id, token.Id);
        Assert.Equal(added.CreatedAt, token.CreatedAt);
        Assert.Equal(grant with { Queues = [] }, token.Grant with { Queues = [] });
        Assert.Equal(grant.Queues, token.Grant.Queues);
        Assert.Equal(Hash(7), token.Hash.ToArray());
    }

    [Fact]
    public async Task Add_OfTheLeast_KeepsThatTheRestIsAbsent()
    {
        await AddAsync(Worker, fill: 1);
        var token = Assert.Single(await Tokens.ListAsync());
        Assert.Equal((Scope.Work, null, null), (token.Grant.Scopes, token.Grant.Name, token.Grant.ExpiresAt));
        Assert.Empty(token.Grant.Queues);
    }

    [Fact]
    public async Task FirstTokens_AreStoredOnce_HoweverManyBringThem()
    {
        Task<IReadOnlyList<StoredToken>?> AddAsync(byte fill) =>
            Tokens.AddFirstAsync([new(new(Scope.Admin, [], "first"), Hash(fill)),
                new(Worker, Hash((byte)(fill + 100)))]);
        var made = await Task.WhenAll(Enumerable.Range(1, 5).Select(static i => (byte)i).Select(AddAsync));
        var stored = Assert.Single(made, static tokens => tokens is not null)!;
        await ReopenAsync();
        Assert.Equal(stored.Select(static token => token.Id),
            (await Tokens.ListAsync()).Select(static token => token.Id));
        Assert.Null(await AddAsync(50));
        await Tokens.RemoveAsync(stored[0].Id);
        Assert.NotNull(await AddAsync(51));
    }

    [Fact]
    public async Task List_HasTheOldestFirst()
    {
        var ids = new List<TokenId>();
        for (byte fill = 1; fill <= 3; fill++) ids.Add((await AddAsync(Worker, fill)).Id);
        Assert.Equal(ids, (await Tokens.ListAsync()).Select(static token => token.Id));
        Assert.Equal(1, ids[0].Value);
    }

    [Fact]
    public async Task Remove_DeletesThatOneAlone()
    {
        var (first, second) = (await AddAsync(Worker, 1), await AddAsync(Worker, 2));
        Assert.True(await Tokens.RemoveAsync(first.Id));
        Assert.False(await Tokens.RemoveAsync(first.Id));
        await ReopenAsync();
        Assert.Equal(second.Id, Assert.Single(await Tokens.ListAsync()).Id);
    }

    [Fact]
    public async Task Add_AfterARemove_GivesANumberThatWasNeverGivenOut()
    {
        var gone = await AddAsync(Worker, 1);
        await Tokens.RemoveAsync(gone.Id);
        await ReopenAsync();
        Assert.NotEqual(gone.Id, (await AddAsync(Worker, 2)).Id);
    }

    [Fact]
    public async Task Add_PastTheMost_MakesRoomOfExpiredOnesOnly()
    {
        // Not all at once: a store turns away what is more than it takes on.
        foreach (var some in Enumerable.Range(0, Limits.TokensMax - 1).Chunk(1_000))
            await Task.WhenAll(some.Select(_ => Tokens.AddAsync(Worker, Guid.NewGuid().ToByteArray())));
        var expiring = await AddAsync(Worker with { ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(200) }, 1);
        Assert.Null(await Tokens.AddAsync(Worker, Hash(2)));
        Assert.True(await Tokens.RemoveAsync(expiring.Id));
        await AddAsync(Worker with { ExpiresAt = DateTimeOffset.UnixEpoch }, 3);
        await AddAsync(Worker, 4);
        Assert.Null(await Tokens.AddAsync(Worker, Hash(5)));
        Assert.Equal(Limits.TokensMax, (await Tokens.ListAsync()).Count);
    }

    private static byte[] Hash(byte fill) => [.. Enumerable.Repeat(fill, TokenText.HashBytes)];

    private async Task<StoredToken> AddAsync(TokenGrant grant, byte fill)
    {
        var token = await Tokens.AddAsync(grant, Hash(fill));
        Assert.NotNull(token);
        return token;
    }
}
