using Weft.Core.Storage;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Frozen;

namespace Weft.Http;

/// <summary>Turns what went wrong into an answer, in one place: unknown paths, wrong methods, unusable requests, a store in trouble, bugs.</summary>
public static partial class RequestErrors
{
    private const int ClientClosedRequest = 499;

    public static IApplicationBuilder UseWeftRequestErrors(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Weft.Http");
        return app.Use(next => async context =>
        {
            try
            {
                await next(context);
                if (context.Response.HasStarted || context.Response.ContentLength is not null) return;
                if (context.Response.StatusCode == StatusCodes.Status404NotFound) await (IsApi(context) ? Problems.NotFound(context) : FrozenErrors.NotFound(context));
                else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) await (IsApi(context) ? Problems.MethodNotAllowed(context) : FrozenErrors.MethodNotAllowed(context));
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Who left in the middle of an answer has its status already.
                if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
            }
            catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
            {
                if (exception.StatusCode == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
                if (exception.StatusCode == StatusCodes.Status415UnsupportedMediaType) context.Response.Headers.AcceptEncoding = "identity";
                if (exception.StatusCode == StatusCodes.Status401Unauthorized) await AccessMiddleware.RefuseAsync(context, exception.StatusCode);
                else await (IsApi(context) ? Problems.BadRequest(context, exception) : FrozenErrors.BadRequest(context, exception));
            }
            // What Kestrel throws for a chunk whose size no number holds.
            catch (IOException exception) when (exception.InnerException is OverflowException && !context.Response.HasStarted)
            {
                var malformed = new BadHttpRequestException("The body is malformed.", exception);
                await (IsApi(context) ? Problems.BadRequest(context, malformed) : FrozenErrors.BadRequest(context, malformed));
            }
            catch (StoreException exception) when (!context.Response.HasStarted)
            {
                if (exception.Trouble != StoreTrouble.Overloaded) LogTrouble(log, exception.Message);
                await (IsApi(context) ? Problems.Trouble(context, exception) : FrozenErrors.Trouble(context, exception));
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                LogBug(log, exception, context.Request.Method, context.Request.Path);
                await (IsApi(context) ? Problems.Bug(context) : FrozenErrors.Bug(context));
            }
        });
    }

    /// <summary>Whether errors are problem details.</summary>
    internal static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(ApiRoutes.Root);

    [LoggerMessage(1001, LogLevel.Error, "The store is in trouble: {Message}")]
    private static partial void LogTrouble(ILogger log, string message);

    [LoggerMessage(1002, LogLevel.Error, "{Method} {Path} failed. This is a bug in the coordinator.")]
    private static partial void LogBug(ILogger log, Exception exception, string method, string path);
}
