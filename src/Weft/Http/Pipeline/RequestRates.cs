using System.Globalization;
using Weft.Core.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;

namespace Weft.Http.Pipeline;

/// <summary>
/// Rejects requests beyond the rate limit of their address, before anything is read or looked up: <c>429</c> with
/// <c>Retry-After</c>.
/// </summary>
internal static class RequestRates
{
    public static IApplicationBuilder UseWeftAddressRates(this IApplicationBuilder app)
    {
        var perSecond = app.ApplicationServices.GetRequiredService<ServeBounds>().RequestsPerAddress;
        if (perSecond == 0) return app;
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var rates = new RateTable(perSecond, time.TimestampFrequency);
        return app.Use(next => context =>
        {
            var client = ClientKey.OfAddress(context.Connection.RemoteIpAddress);
            // Monitoring must see that the coordinator is up, especially during a flood.
            if (client.IsNobody || IsHealth(context.Request.Path)) return next(context);
            var missing = rates.TryTake(client, time.GetTimestamp());
            return missing == 0
                ? next(context)
                : RefuseAsync(
                    context, RefusedBy.RateAddress, Seconds(missing, time), "This address exceeded its request rate.");
        });
    }

    // Only these paths: any other path with the same prefix is rate limited.
    private static bool IsHealth(PathString path) => path.Value is "/health" or "/health/live" or "/health/ready";

    /// <summary>The same for each token, once the token is known.</summary>
    public static IApplicationBuilder UseWeftTokenRates(this IApplicationBuilder app)
    {
        var perSecond = app.ApplicationServices.GetRequiredService<ServeBounds>().RequestsPerToken;
        if (perSecond == 0) return app;
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var rates = new RateTable(perSecond, time.TimestampFrequency);
        return app.Use(next => context =>
        {
            if (context.Features.Get<Caller>()?.Token is not { } token) return next(context);
            var missing = rates.TryTake(ClientKey.OfToken(token.Id.Value), time.GetTimestamp());
            return missing == 0
                ? next(context)
                : RefuseAsync(
                    context, RefusedBy.RateToken, Seconds(missing, time), "This token exceeded its request rate.");
        });
    }

    /// <summary>Answers 429 with <c>Retry-After</c>.</summary>
    public static Task RefuseAsync(HttpContext context, RefusedBy by, TimeSpan wait, string detail)
    {
        RequestMeter.Refused(context, by);
        context.Response.Headers.RetryAfter =
            Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ErrorSurface.Of(context).TooManyRequests(context, detail);
    }

    private static TimeSpan Seconds(long ticks, TimeProvider time) =>
        TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);
}
