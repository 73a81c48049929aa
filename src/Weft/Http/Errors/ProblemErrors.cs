using Microsoft.AspNetCore.Http.Features;
using Weft.Contracts;
using Weft.Core.Storage;

namespace Weft.Http.Errors;

/// <summary>The API's errors: problem details.</summary>
internal sealed class ProblemErrors : IErrorSurface
{
    private static readonly Problem NothingHere =
        new ProblemKind(404, ProblemCodes.NotFound, "There is nothing at this path")
            .With("See the documentation for the paths of this API.");

    private static readonly Problem WrongMethod =
        new ProblemKind(405, ProblemCodes.MethodNotAllowed, "The path does not support this method")
            .With("The Allow header lists the supported methods.");

    private static readonly Problem Timeout =
        new ProblemKind(408, ProblemCodes.RequestTimeout, "The request body arrived too slowly")
            .With("Send the request again, faster.");

    private static readonly Problem Compressed =
        new ProblemKind(415, ProblemCodes.UnsupportedEncoding, "The request body is compressed")
            .With("Content-Encoding is not supported; send the body uncompressed.");

    private static readonly Problem TokenNeeded = new ProblemKind(401, ProblemCodes.Unauthorized, "A token is required")
        .With("Send Authorization: Bearer and a token; 'weft token create' makes one.");

    private static readonly Problem TokenNotValid =
        new ProblemKind(401, ProblemCodes.Unauthorized, "The token is not valid")
            .With("It was mistyped, has expired, was revoked, or belongs to another coordinator; 'weft token " +
                "create' makes a new one.");

    private static readonly Problem WrongHost = new ProblemKind(421, ProblemCodes.UnknownHost, "Unknown host name")
        .With("This coordinator does not serve the host that was requested; " +
            "if it should, start it with --public-name.");

    private static readonly Problem Bug = new ProblemKind(500, ProblemCodes.InternalError, "Internal error")
        .With("This is a bug in the coordinator; its log has the details.");

    private static readonly Problem MemoryShort =
        new ProblemKind(503, ProblemCodes.Overloaded, "The coordinator is busy")
            .With("Its memory for request and response bodies is in use; nothing was changed. Try again.");

    private static readonly Problem QueueFull = MemoryShort.Kind
        .With("Too many writes are waiting for the store; nothing was changed. Try again.");

    private static readonly Problem OutcomeUnknown =
        new ProblemKind(503, ProblemCodes.OutcomeUnknown, "Outcome unknown")
            .With("The connection to the database was lost during or just after the commit, so the change may have " +
                "been made: check before you repeat it, "
                + "or repeat it with the same Idempotency-Key or leaseToken.");

    private static readonly Problem Unavailable =
        new ProblemKind(503, ProblemCodes.StoreUnavailable, "The store is not available")
            .With("The coordinator is stopping, or cannot reach its disk or database.");

    private static readonly Problem DiskFull = new ProblemKind(507, ProblemCodes.StoreFull, "The store is full")
        .With("The coordinator's disk is full; reads still work.");

    private static readonly ProblemKind RateLimited = new(429, ProblemCodes.RateLimited, "Too many requests");

    public Task NotFound(HttpContext context) => Problems.AnswerAsync(context, NothingHere);

    public Task MethodNotAllowed(HttpContext context) => Problems.AnswerAsync(context, WrongMethod);

    public Task BadRequest(HttpContext context, int status) => Problems.AnswerAsync(context, status switch
    {
        408 => Timeout,
        413 => TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize),
        415 => Compressed,
        503 => MemoryShort,
        _ => Problems.InvalidRequest.With("The HTTP request is malformed."),
    });

    public Task TokenMissing(HttpContext context) => Problems.AnswerAsync(context, TokenNeeded);

    public Task TokenInvalid(HttpContext context) => Problems.AnswerAsync(context, TokenNotValid);

    public Task ScopeMissing(HttpContext context, string needed, string presented) =>
        Problems.AnswerAsync(context,
            Problems.Forbidden.With($"This request needs a token with the scope {needed}; this one has {presented}."));

    public Task UnknownHost(HttpContext context) => Problems.AnswerAsync(context, WrongHost);

    public Task TooManyRequests(HttpContext context, string detail) =>
        Problems.AnswerAsync(context, RateLimited.With(detail));

    public Task StoreFailed(HttpContext context, StoreErrorKind trouble) => Problems.AnswerAsync(context, trouble switch
    {
        StoreErrorKind.Overloaded => QueueFull,
        StoreErrorKind.Full => DiskFull,
        StoreErrorKind.Unknown => OutcomeUnknown,
        _ => Unavailable,
    });

    public Task InternalError(HttpContext context) => Problems.AnswerAsync(context, Bug);

    private static Problem TooLarge(long? bytesMax) =>
        Problems.PayloadTooLarge.With($"The request body is larger than this path accepts: {bytesMax} bytes at most.");
}
