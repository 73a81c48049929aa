using Weft.Core.Storage;
using Weft.Http.Api;

namespace Weft.Http.Frozen;

/// <summary>The errors of the frozen surface: <c>{"error":"…"}</c>.</summary>
internal static class FrozenErrors
{
    public static Task InvalidTaskId(HttpContext context) => Write(context, 400, """{"error":"Invalid task ID"}"""u8);

    public static Task TaskNotFound(HttpContext context) => Write(context, 404, """{"error":"Task not found"}"""u8);

    public static Task NotFound(HttpContext context) => Write(context, 404, """{"error":"Not Found"}"""u8);

    public static Task MethodNotAllowed(HttpContext context) => Write(context, 405, """{"error":"Method Not Allowed"}"""u8);

    public static Task EmptyBody(HttpContext context) => Write(context, 400, """{"error":"The request has no body"}"""u8);

    public static Task NotUtf8(HttpContext context) => Write(context, 400, """{"error":"The body is not UTF-8"}"""u8);

    public static Task InvalidWait(HttpContext context) => Write(context, 400, """{"error":"wait is a number of seconds from 0 to 25"}"""u8);

    public static Task InvalidWorkerId(HttpContext context) => Write(context, 400, """{"error":"workerId has more than 128 characters"}"""u8);

    public static Task Unauthorized(HttpContext context) => Write(context, 401, """{"error":"A token is needed: Authorization: Bearer weft_…"}"""u8);

    public static Task Forbidden(HttpContext context) => Write(context, 403, """{"error":"The token does not allow this"}"""u8);

    public static Task ResultTooLarge(HttpContext context) => Write(context, 413, """{"error":"The result is larger than this coordinator takes"}"""u8);

    public static Task UnknownHost(HttpContext context) => Write(context, 421, """{"error":"This coordinator does not know itself by the host that was asked for; if that is its name, start it with --public-name"}"""u8);

    public static Task Bug(HttpContext context) => Write(context, 500, """{"error":"The coordinator failed; its log says why"}"""u8);

    public static Task BadRequest(HttpContext context, BadHttpRequestException exception) => exception.StatusCode switch
    {
        413 => Write(context, 413, """{"error":"The body is larger than this coordinator takes"}"""u8),
        408 => Write(context, 408, """{"error":"The body came too slowly"}"""u8),
        415 => Write(context, 415, """{"error":"The body is packed: leave Content-Encoding out"}"""u8),
        503 => Write(context, 503, """{"error":"The coordinator is busy; try again in a second"}"""u8),
        var status => Write(context, status, """{"error":"The request is malformed"}"""u8),
    };

    public static Task TooMany(HttpContext context) => Write(context, 429, """{"error":"Too many requests; try again after Retry-After seconds"}"""u8);

    public static Task TooManyUnfinished(HttpContext context)
    {
        context.Response.Headers.RetryAfter = Problems.OwnerRoomRetrySeconds;
        return Write(context, 429, """{"error":"Too many tasks, or bytes of them, are unfinished; try again after Retry-After seconds"}"""u8);
    }

    public static Task Trouble(HttpContext context, StoreException exception)
    {
        context.Response.Headers.RetryAfter = exception.Trouble == StoreTrouble.Full ? "30" : "1";
        return exception.Trouble switch
        {
            StoreTrouble.Full => Write(context, 507, """{"error":"There is no room left on the coordinator's disk"}"""u8),
            StoreTrouble.Overloaded => Write(context, 503, """{"error":"The coordinator is busy; try again in a second"}"""u8),
            StoreTrouble.Unknown => Write(context, 503, """{"error":"The coordinator's database was lost during the commit: whether it happened is not known"}"""u8),
            _ => Write(context, 503, """{"error":"The coordinator's store is not available; try again in a second"}"""u8),
        };
    }

    private static Task Write(HttpContext context, int status, ReadOnlySpan<byte> json) => JsonResponse.WriteAsync(context, json.ToArray(), status);
}
