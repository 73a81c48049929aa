using Microsoft.Net.Http.Headers;
using Weft.Core.Access;
using Weft.Core.UseCases;
using Weft.Http;
using Weft.Http.Access;
using Weft.Http.Errors;
using Weft.Serve;

namespace Weft.Metrics;

/// <summary><c>/metrics</c>, for Prometheus.</summary>
internal sealed class MetricsEndpoint(ServeOptions options, MetricsExport export, TakeSnapshot snapshot)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapRead(
            ErrorSurface.Metrics, options.Metrics == MetricsMode.Off ? RefuseAsync : AnswerAsync);
        if (options.Metrics is MetricsMode.Off or MetricsMode.Open) route.AllowAnybody();
        else route.RequireScope(Scope.Read | Scope.Metrics);
    }

    private static Task RefuseAsync(HttpContext context) => Problems.AnswerAsync(context, Problems.MetricsOff);

    private async Task AnswerAsync(HttpContext context)
    {
        // Takes some milliseconds: not for a thread that serves sockets.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // Before any gauge is read, so that none of them waits for it.
        await snapshot.RunAsync();
        context.Response.Headers.CacheControl = "no-store";
        // Compression costs more than it saves between two machines in one network.
        context.Request.Headers.Remove(HeaderNames.AcceptEncoding);
        await export.ScrapeAsync(context);
    }
}
