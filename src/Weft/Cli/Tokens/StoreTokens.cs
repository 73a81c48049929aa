using System.Text.Json;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Http.Api;
using Weft.Http.Errors;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;

namespace Weft.Cli.Tokens;

/// <summary>
/// Manages tokens in the store itself, without a coordinator, to create the first admin token or replace a lost one. A
/// folder's coordinator must be stopped; coordinators that share a database may be running, and notice within seconds.
/// </summary>
internal sealed class StoreTokens : ITokenKeeper, IAsyncDisposable
{
    private readonly ITaskStore _store;
    private readonly ITokenStore _tokens;
    private readonly TokenCache _cache;

    private StoreTokens(ITaskStore store, ITokenStore tokens) =>
        (_store, _tokens, _cache) = (store, tokens, new(tokens, TimeProvider.System));

    /// <summary>Opens the folder, and creates it if it doesn't exist, as <c>weft serve</c> does.</summary>
    public static Task<StoreTokens> OpenFolderAsync(string folder)
    {
        try
        {
            var store = SqliteTaskStore.Open(new() { Folder = folder, Time = TimeProvider.System });
            return ReadAsync(new(store, store.Tokens));
        }
        catch (StoreException exception)
        {
            throw new CommandFailure($"{exception.Message} Without --data, the command uses a running coordinator.");
        }
    }

    /// <summary>Opens a database, and creates its tables if they don't exist, as <c>weft serve</c> does.</summary>
    public static async Task<StoreTokens> OpenDatabaseAsync(string connectionString)
    {
        try
        {
            var store = await PostgresTaskStore.OpenAsync(
                new() { ConnectionString = connectionString, Time = TimeProvider.System });
            return await ReadAsync(new(store, store.Tokens));
        }
        catch (StoreException exception)
        {
            throw new CommandFailure(exception.Message);
        }
    }

    public async Task<TokenInfo> CreateAsync(TokenRequest request, CancellationToken stop)
    {
        // Checked by the same rules as a request over HTTP.
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Default.TokenRequest);
        if (TokenReader.Read(body, TimeProvider.System.GetUtcNow(), out var grant) is { } problem)
        {
            throw new CommandFailure(problem.Detail);
        }
        if (await _cache.CreateAsync(grant) is not var (token, text))
        {
            throw new CommandFailure(Problems.TooManyTokens.Detail);
        }
        return TokenEndpoints.ToWire(token) with { Token = text };
    }

    public async Task<IReadOnlyList<TokenInfo>> ListAsync(CancellationToken stop) =>
        [.. (await _tokens.ListAsync()).Select(TokenEndpoints.ToWire)];

    public async Task RevokeAsync(long id, CancellationToken stop)
    {
        if (!await _cache.RevokeAsync(new(id))) throw new CommandFailure(Problems.TokenNotFound.Detail);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static async Task<StoreTokens> ReadAsync(StoreTokens tokens)
    {
        await tokens._cache.ReloadAsync();
        return tokens;
    }
}
