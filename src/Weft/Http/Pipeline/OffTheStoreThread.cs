using Weft.Core.Storage;

namespace Weft.Http.Pipeline;

/// <summary>
/// Moves requests off the store's writer thread. A client may send its next request before it has the response to the
/// last one (pipelining). The server then starts it on the thread that sent that response, which may be the store's
/// only writer: a series of one client's requests must not occupy it.
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
