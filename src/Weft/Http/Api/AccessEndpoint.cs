using Weft.Contracts;
using Weft.Core.Access;
using Weft.Http.Access;

namespace Weft.Http.Api;

/// <summary>
/// The caller's permissions, so that a page offers only what is allowed; and the coordinator's version, for clients of
/// other versions.
/// </summary>
internal sealed class AccessEndpoint(AccessControl access)
{
    public Task GetAsync(HttpContext context)
    {
        var token = access.CallerOf(context).Token;
        return ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, token is null ? Open : ToWire(TokenEndpoints.ToWire(token)),
            WireJson.Default.Access);
    }

    private static Contracts.Access Open => new(Open: true, ScopeText.Of(Scope.Admin), Version: WeftVersion.Text);

    private static Contracts.Access ToWire(TokenInfo token) =>
        new(Open: false, token.Scopes, token.Queues, token.Name, token.ExpiresAt, WeftVersion.Text);
}
