using Weft.Contracts;
using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <summary>Tokens: made, listed without their texts, and revoked.</summary>
internal sealed partial class TokenEndpoints(TokenBook book, ITokenStore store, TimeProvider time, ILogger<TokenEndpoints> log)
{
    public async Task CreateAsync(HttpContext context)
    {
        if (TokenReader.Read(await RequestBody.ReadAsync(context), time.GetUtcNow(), out var grant) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (await book.CreateAsync(grant) is not var (token, text))
        {
            await Problems.AnswerAsync(context, Problems.TooManyTokens);
            return;
        }

        LogCreated(token.Id.Value);
        context.Response.Headers.Location = $"{ApiRoutes.Tokens}/{token.Id}";
        await ApiJson.AnswerAsync(context, StatusCodes.Status201Created, ToWire(token) with { Token = text }, WireJson.Default.TokenInfo);
    }

    public async Task ListAsync(HttpContext context) =>
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new TokenList([.. (await store.ListAsync()).Select(ToWire)]), WireJson.Default.TokenList);

    public async Task RevokeAsync(HttpContext context)
    {
        if (!ApiRequest.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (!await book.RevokeAsync(new(id)))
        {
            await Problems.AnswerAsync(context, Problems.TokenNotFound);
            return;
        }

        LogRevoked(id);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new TokenRevoked(id), WireJson.Default.TokenRevoked);
    }

    internal static TokenInfo ToWire(StoredToken token)
    {
        var grant = token.Grant;
        return new(token.Id.Value, ScopeText.Of(grant.Scopes), grant.Queues.Count > 0 ? grant.Queues : null, grant.Name, token.CreatedAt, grant.ExpiresAt);
    }

    [LoggerMessage(5001, LogLevel.Information, "Token {Id} was made")]
    private partial void LogCreated(long id);

    [LoggerMessage(5002, LogLevel.Information, "Token {Id} was revoked")]
    private partial void LogRevoked(long id);
}
