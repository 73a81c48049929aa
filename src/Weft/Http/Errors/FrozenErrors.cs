using System.Text;
using Weft.Core.Storage;
using Weft.Http.StaticFiles;

namespace Weft.Http.Errors;

/// <summary>The errors of the frozen surface, <c>{"error":"…"}</c>, and the 404 page for browsers.</summary>
internal sealed class FrozenErrors : IErrorSurface
{
    public static Task InvalidTaskId(HttpContext context) => Write(context, 400, """{"error":"Invalid task ID"}"""u8);

    public static Task TaskNotFound(HttpContext context) => Write(context, 404, """{"error":"Task not found"}"""u8);

    public static Task EmptyBody(HttpContext context) =>
        Write(context, 400, """{"error":"The request has no body"}"""u8);

    public static Task NotUtf8(HttpContext context) =>
        Write(context, 400, """{"error":"The request body is not UTF-8"}"""u8);

    public static Task InvalidWait(HttpContext context) =>
        Write(context, 400, """{"error":"wait must be a number of seconds from 0 to 25"}"""u8);

    public static Task InvalidWorkerId(HttpContext context) =>
        Write(context, 400, """{"error":"workerId must have at most 128 characters"}"""u8);

    public static Task QueueForbidden(HttpContext context) =>
        Write(context, 403, """{"error":"The token does not allow this"}"""u8);

    public static Task ResultTooLarge(HttpContext context) =>
        Write(context, 413, """{"error":"The result is larger than this coordinator accepts"}"""u8);

    public static Task TooManyUnfinished(HttpContext context)
    {
        RequestMeter.Refused(context, RefusedBy.Quota);
        context.Response.Headers.RetryAfter = Problems.OwnerFullRetrySeconds;
        return Write(context, 429,
            """{"error":"Too many unfinished tasks, or bytes of their payloads; try again after Retry-After seconds"}"""u8);
    }

    public static Task TooMuchStored(HttpContext context)
    {
        RequestMeter.Refused(context, RefusedBy.Quota);
        return Write(context, 429,
            """{"error":"Too many bytes of payloads and results are stored, including those of finished tasks; retention frees space"}"""u8);
    }

    public Task NotFound(HttpContext context) => NotFoundPage.IsWanted(context.Request)
        ? NotFoundPage.AnswerAsync(context)
        : Write(context, 404, """{"error":"Not Found"}"""u8);

    public Task MethodNotAllowed(HttpContext context) => Write(context, 405, """{"error":"Method Not Allowed"}"""u8);

    public Task BadRequest(HttpContext context, int status) => Write(context, status, status switch
    {
        408 => """{"error":"The request body arrived too slowly"}"""u8,
        413 => """{"error":"The request body is larger than this coordinator accepts"}"""u8,
        415 => """{"error":"The request body is compressed (Content-Encoding is not supported)"}"""u8,
        503 => """{"error":"The coordinator is busy; try again in a second"}"""u8,
        _ => """{"error":"The request is malformed"}"""u8,
    });

    public Task TokenMissing(HttpContext context) =>
        Write(context, 401, """{"error":"A token is required: Authorization: Bearer weft_…"}"""u8);

    public Task TokenInvalid(HttpContext context) =>
        Write(context, 401, """{"error":"The token is not valid: it was mistyped, has expired or was revoked"}"""u8);

    public Task ScopeMissing(HttpContext context, string needed, string presented) =>
        Write(context, 403,
            Encoding.UTF8.GetBytes($$"""{"error":"The token does not allow this: it needs the scope {{needed}}"}"""));

    public Task UnknownHost(HttpContext context) => Write(context, 421,
        """{"error":"This coordinator does not serve the host that was requested; if it should, start it with --public-name"}"""u8);

    public Task TooManyRequests(HttpContext context, string detail) =>
        Write(context, 429, """{"error":"Too many requests; try again after Retry-After seconds"}"""u8);

    public Task StoreFailed(HttpContext context, StoreErrorKind trouble) => trouble switch
    {
        StoreErrorKind.Overloaded =>
            Write(context, 503, """{"error":"The coordinator is busy; try again in a second"}"""u8),
        StoreErrorKind.Full => Write(context, 507, """{"error":"The coordinator's disk is full"}"""u8),
        StoreErrorKind.Unknown => Write(context, 503,
            """{"error":"Outcome unknown: the connection to the database was lost during the commit, so the change may have been made"}"""u8),
        _ => Write(context, 503, """{"error":"The coordinator's store is not available; try again in a second"}"""u8),
    };

    public Task InternalError(HttpContext context) =>
        Write(context, 500, """{"error":"Internal error; the coordinator's log has the details"}"""u8);

    private static Task Write(HttpContext context, int status, ReadOnlySpan<byte> json) =>
        JsonResponse.WriteAsync(context, json.ToArray(), status);
}
