using Weft.Core.Storage;

namespace Weft.Http;

/// <summary>
/// A client may send its next request before it has the answer to the last one (pipelining). The server then begins it on the
/// thread that sent that answer, which may be the one that makes all changes: it must not be kept by one client's row of requests.
/// </summary>
internal static class OffTheStoreThread
{
    public static void UseWeftOffTheStoreThread(this IApplicationBuilder app) =>
        app.Use(static next => context => StoreThread.IsCurrent ? MoveAsync(next, context) : next(context));

    private static async Task MoveAsync(RequestDelegate next, HttpContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await next(context);
    }
}
