using System.Globalization;
using Weft.Core.Access;
using Weft.Http.Api;
using Weft.Http.Frozen;
using Weft.Serve;

namespace Weft.Http.Bounds;

/// <summary>Turns away what one address asks beyond its rate, before anything is read or looked up: <c>429</c> with <c>Retry-After</c>.</summary>
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
            // Whoever watches the coordinator must see that it is up, above all when it is flooded.
            if (client.IsNobody || context.Request.Path.StartsWithSegments("/health")) return next(context);
            var missing = rates.TryTake(client, time.GetTimestamp());
            return missing == 0 ? next(context) : RefuseAsync(context, TimeSpan.FromSeconds((double)missing / time.TimestampFrequency), "This address asks more often than it may.");
        });
    }

    /// <summary>The same for each token, once it is known whose it is.</summary>
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
            return missing == 0 ? next(context) : RefuseAsync(context, TimeSpan.FromSeconds((double)missing / time.TimestampFrequency), "This token asks more often than it may.");
        });
    }

    /// <summary>Answers that the client must wait.</summary>
    public static Task RefuseAsync(HttpContext context, TimeSpan wait, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return context.Request.Path.StartsWithSegments(ApiRoutes.Root) ? Problems.TooMany(context, detail) : FrozenErrors.TooMany(context);
    }
}
