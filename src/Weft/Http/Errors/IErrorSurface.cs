using Weft.Core.Storage;

namespace Weft.Http.Errors;

/// <summary>How one group of paths formats the errors that don't depend on the endpoint.</summary>
internal interface IErrorSurface
{
    Task NotFound(HttpContext context);

    /// <summary>Routing has set the <c>Allow</c> header.</summary>
    Task MethodNotAllowed(HttpContext context);

    /// <summary>The request can't be read: 400, 408, 413, 415, or 503 when memory is short.</summary>
    Task BadRequest(HttpContext context, int status);

    Task TokenMissing(HttpContext context);

    Task TokenInvalid(HttpContext context);

    /// <param name="context">The request.</param>
    /// <param name="needed">The scopes of which one is needed, as text.</param>
    /// <param name="presented">The token's scopes.</param>
    Task ScopeMissing(HttpContext context, string needed, string presented);

    Task UnknownHost(HttpContext context);

    /// <param name="context">The request; <c>Retry-After</c> is set.</param>
    /// <param name="detail">Which limit was reached.</param>
    Task TooManyRequests(HttpContext context, string detail);

    /// <summary>The store refused or failed; <c>Retry-After</c> is set.</summary>
    Task StoreFailed(HttpContext context, StoreErrorKind trouble);

    Task InternalError(HttpContext context);
}
