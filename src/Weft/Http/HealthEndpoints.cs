using System.Text.Json;
using Weft.Core.Storage;
using Weft.Http.Access;

namespace Weft.Http;

/// <summary>
/// For supervisors and load balancers: <c>/health/live</c>, whether the process answers, and <c>/health/ready</c>,
/// whether it accepts changes. The frozen <c>/health</c> is unchanged.
/// </summary>
internal sealed class HealthEndpoints(IStoreHealth store, IHostApplicationLifetime lifetime)
{
    private const string RetryAfterSeconds = "5";
    private static readonly byte[] Live = """{"status":"live"}"""u8.ToArray();
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/health/live", static context => JsonResponse.WriteAsync(context, Live)).AllowAnybody();
        routes.MapRead("/health/ready", ReadyAsync).AllowAnybody();
    }

    private async Task ReadyAsync(HttpContext context)
    {
        var reason = lifetime.ApplicationStopping.IsCancellationRequested ? "The coordinator is stopping."
            : (await store.CheckHealthAsync())?.Message;
        if (reason is null)
        {
            await JsonResponse.WriteAsync(context, Ready);
            return;
        }

        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        var answer = $$"""{"status":"unready","reason":"{{JsonEncodedText.Encode(reason)}}"}""";
        await JsonResponse.WriteAsync(context, System.Text.Encoding.UTF8.GetBytes(answer),
            StatusCodes.Status503ServiceUnavailable);
    }
}
