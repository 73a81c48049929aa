using Weft.Contracts;
using Weft.Core.Access;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Creates, lists and revokes tokens. A token's text is shown once, when it is created.</summary>
internal sealed partial class TokenEndpoints(
    TokenCache tokens, AuditTrail audit, AccessControl access, TimeProvider time, ILogger<TokenEndpoints> log)
{
    public async Task CreateAsync(HttpContext context)
    {
        if (TokenReader.Read(await RequestBody.ReadAsync(context), time.GetUtcNow(), out var grant) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (await tokens.CreateAsync(grant) is not var (token, text))
        {
            await Problems.AnswerAsync(context, Problems.TooManyTokens);
            return;
        }

        LogCreated(token.Id.Value);
        await audit.NoteAsync(
            access.CallerOf(context), "token.create", token.Id.ToString(),
            string.Join(' ', ScopeText.Of(grant.Scopes)));
        context.Response.Headers.Location = $"{ApiRoutes.Tokens}/{token.Id}";
        await ApiJson.AnswerAsync(context, StatusCodes.Status201Created, ToWire(token) with { Token = text },
            WireJson.Default.TokenInfo);
    }

    public async Task ListAsync(HttpContext context)
    {
        var list = new TokenList([.. (await tokens.ListAsync()).Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.TokenList);
    }

    public async Task RevokeAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (!await tokens.RevokeAsync(new(id)))
        {
            await Problems.AnswerAsync(context, Problems.TokenNotFound);
            return;
        }

        LogRevoked(id);
        await audit.NoteAsync(access.CallerOf(context), "token.revoke", new TokenId(id).ToString());
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new TokenRevoked(id),
            WireJson.Default.TokenRevoked);
    }

    internal static TokenInfo ToWire(StoredToken token)
    {
        var grant = token.Grant;
        return new(token.Id.Value, ScopeText.Of(grant.Scopes), grant.Queues.Count > 0 ? grant.Queues : null, grant.Name,
            token.CreatedAt, grant.ExpiresAt);
    }

    [LoggerMessage(5001, LogLevel.Information, "Token {Id} was created")]
    private partial void LogCreated(long id);

    [LoggerMessage(5002, LogLevel.Information, "Token {Id} was revoked")]
    private partial void LogRevoked(long id);
}
