using Microsoft.AspNetCore.Connections;
using Weft.Core.Storage;
using Weft.Http.Bounds;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

/// <summary>
/// Turns every failure into a response: unknown paths, wrong methods, unreadable requests, store failures, bugs. It
/// also counts all requests, since another asynchronous step would cost time in each.
/// </summary>
public static partial class RequestErrors
{
    private const int ClientClosedRequest = 499;

    public static IApplicationBuilder UseWeftRequestErrors(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Weft.Http");
        var meter = app.ApplicationServices.GetService<RequestMeter>();
        return app.Use(next => async context =>
        {
            var began = meter?.Now ?? 0;
            try
            {
                await next(context);
                if (context.Response.HasStarted || context.Response.ContentLength is not null) return;
                if (context.Response.StatusCode == StatusCodes.Status404NotFound)
                    await ErrorSurface.Of(context).NotFound(context);
                if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
                    await ErrorSurface.Of(context).MethodNotAllowed(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // If a client disconnects during a response, the status has already been sent.
                if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
            }
            // Its connection broke while its body was read: there is no client to answer.
            catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException)
            {
                if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
                // Otherwise Kestrel reads the rest of the body, and logs that it can't.
                context.Abort();
            }
            catch (RequestRefusedException exception) when (!context.Response.HasStarted)
            {
                await AnswerBadRequestAsync(context, exception.Status);
            }
            catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
            {
                await AnswerBadRequestAsync(context, exception.StatusCode);
            }
            // Kestrel throws this for a chunk size that overflows.
            catch (IOException exception)
                when (exception.InnerException is OverflowException && !context.Response.HasStarted)
            {
                await AnswerBadRequestAsync(context, StatusCodes.Status400BadRequest);
            }
            catch (StoreException exception) when (!context.Response.HasStarted)
            {
                if (exception.Kind == StoreErrorKind.Overloaded) RequestMeter.Refused(context, RefusedBy.Overloaded);
                else LogStoreFailed(log, exception.Message);
                context.Response.Headers.RetryAfter = exception.Kind == StoreErrorKind.Full ? "30" : "1";
                await ErrorSurface.Of(context).StoreFailed(context, exception.Kind);
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                LogBug(log, exception, context.Request.Method, context.Request.Path);
                await ErrorSurface.Of(context).InternalError(context);
            }
            finally
            {
                meter?.Count(context, began);
            }
        });
    }

    private static Task AnswerBadRequestAsync(HttpContext context, int status)
    {
        if (status == StatusCodes.Status401Unauthorized) return AccessMiddleware.RefuseTokenAsync(context);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
            RequestMeter.Refused(context, RefusedBy.Budget);
        }

        if (status == StatusCodes.Status415UnsupportedMediaType) context.Response.Headers.AcceptEncoding = "identity";
        return ErrorSurface.Of(context).BadRequest(context, status);
    }

    [LoggerMessage(1001, LogLevel.Error, "The store failed: {Message}")]
    private static partial void LogStoreFailed(ILogger log, string message);

    [LoggerMessage(1002, LogLevel.Error, "{Method} {Path} failed. This is a bug in the coordinator.")]
    private static partial void LogBug(ILogger log, Exception exception, string method, string path);
}
