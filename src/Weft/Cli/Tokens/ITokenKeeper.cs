using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Tokens;

/// <summary>Manages tokens. A failure is a <see cref="CommandFailure"/>.</summary>
internal interface ITokenKeeper
{
    Task<TokenInfo> CreateAsync(TokenRequest request, CancellationToken stop);

    Task<IReadOnlyList<TokenInfo>> ListAsync(CancellationToken stop);

    Task RevokeAsync(long id, CancellationToken stop);
}

/// <summary>A running coordinator.</summary>
internal sealed class RemoteTokens(RemoteApi api) : ITokenKeeper
{
    public Task<TokenInfo> CreateAsync(TokenRequest request, CancellationToken stop) =>
        api.PostAsync("tokens", request, WireJson.Default.TokenRequest, null, WireJson.Default.TokenInfo, stop);

    public async Task<IReadOnlyList<TokenInfo>> ListAsync(CancellationToken stop) =>
        (await api.GetAsync("tokens", WireJson.Default.TokenList, stop)).Tokens;

    public Task RevokeAsync(long id, CancellationToken stop) =>
        api.DeleteAsync(string.Create(null, $"tokens/{id}"), WireJson.Default.TokenRevoked, stop);
}
