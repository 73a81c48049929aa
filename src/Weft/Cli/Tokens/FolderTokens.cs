using System.Text.Json;
using Weft.Contracts;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Http.Api;
using Weft.Storage.Sqlite;

namespace Weft.Cli.Tokens;

/// <summary>The data folder of a coordinator that is stopped: how the first admin's token is made ahead, or a lost one replaced.</summary>
internal sealed class FolderTokens : ITokenKeeper, IAsyncDisposable
{
    private readonly SqliteTaskStore _store;
    private readonly TokenBook _book;

    private FolderTokens(SqliteTaskStore store) => (_store, _book) = (store, new(store.Tokens, TimeProvider.System));

    /// <summary>Opens the folder, and makes it when there is none, as <c>weft serve</c> does.</summary>
    public static async Task<FolderTokens> OpenAsync(string folder)
    {
        try
        {
            var tokens = new FolderTokens(SqliteTaskStore.Open(new() { Folder = folder, Time = TimeProvider.System }));
            await tokens._book.ReloadAsync();
            return tokens;
        }
        catch (StoreException exception)
        {
            throw new CommandFailure($"{exception.Message} A running coordinator is asked without --data.");
        }
    }

    public async Task<TokenInfo> CreateAsync(TokenRequest request, CancellationToken stop)
    {
        // Checked by the same rules as a request over HTTP.
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Default.TokenRequest);
        if (TokenReader.Read(body, TimeProvider.System.GetUtcNow(), out var grant) is { } problem) throw new CommandFailure(problem.Detail);
        if (await _book.CreateAsync(grant) is not var (token, text)) throw new CommandFailure(Problems.TooManyTokens.Detail);
        return TokenEndpoints.ToWire(token) with { Token = text };
    }

    public async Task<IReadOnlyList<TokenInfo>> ListAsync(CancellationToken stop) => [.. (await _store.Tokens.ListAsync()).Select(TokenEndpoints.ToWire)];

    public async Task RevokeAsync(long id, CancellationToken stop)
    {
        if (!await _book.RevokeAsync(new(id))) throw new CommandFailure(Problems.TokenNotFound.Detail);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
