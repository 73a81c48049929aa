using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing.Patterns;
using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Http.Access;

namespace Weft.Http;

/// <summary>
/// The metrics of requests: their number by route and status, their duration, and the limits that refused them.
/// </summary>
internal sealed class RequestMeter
{
    // Pages, and requests without a route.
    private const string NoRoute = "other";

    private static readonly (RefusedBy By, KeyValuePair<string, object?> Label)[] Reasons =
    [
        (RefusedBy.RateAddress, new("reason", "rate_address")), (RefusedBy.RateToken, new("reason", "rate_token")),
        (RefusedBy.Held, new("reason", "held")), (RefusedBy.Budget, new("reason", "budget")),
        (RefusedBy.Overloaded, new("reason", "overloaded")), (RefusedBy.Quota, new("reason", "quota")),
        (RefusedBy.Host, new("reason", "host")), (RefusedBy.Token, new("reason", "token")),
    ];

    private readonly ConcurrentDictionary<string, RouteTally> _byRoute = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Endpoint, (RouteTally, KeyValuePair<string, object?>)> _byEndpoint = new();
    private readonly (RouteTally Tally, KeyValuePair<string, object?> Group) _noRoute;
    private readonly long[] _refused = new long[Reasons.Length];
    private readonly Histogram<double> _time;

    public RequestMeter(Meter meter)
    {
        _noRoute = (_byRoute.GetOrAdd(NoRoute, static route => new(route)), new("group", "page"));
        meter.CreateObservableCounter(
            "weft.http.requests", () => _byRoute.Values.SelectMany(static route => route.Observe()), "{request}",
            "Requests by route and status");
        _time = meter.CreateHistogram("weft.http.request", "s",
            "Duration of requests, except those that asked to wait or were refused", advice: Buckets.Requests);
        meter.CreateObservableCounter("weft.http.refused", () => Reasons.Select(
            known => new Measurement<long>(Volatile.Read(ref _refused[(int)known.By]), known.Label)),
            "{request}", "Refused requests by the limit that they exceeded");
    }

    /// <summary>Records that the request is being refused.</summary>
    public static void Refused(HttpContext context, RefusedBy by) => context.Features.Set(Note.Refusals[(int)by]);

    /// <summary>Records that the request waits on purpose: its duration means nothing.</summary>
    public static void Waits(HttpContext context) => context.Features.Set(Note.Waits);

    /// <summary>A <see cref="Stopwatch"/> timestamp; 0 while durations aren't recorded.</summary>
    public long Now => _time.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>The request has been answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="began">When it arrived, by <see cref="Now"/>.</param>
    public void Count(HttpContext context, long began)
    {
        var (tally, group) = Of(context.GetEndpoint());
        tally.Count(context.Response.StatusCode);
        var note = context.Features.Get<Note>();
        if (note?.RefusedBy is { } by) Interlocked.Increment(ref _refused[(int)by]);
        if (note is null && began > 0) _time.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, group);
    }

    private (RouteTally Tally, KeyValuePair<string, object?> Group) Of(Endpoint? endpoint)
    {
        // An endpoint that isn't a route is routing's own response to a wrong method.
        if (endpoint is not RouteEndpoint route) return _noRoute;
        if (_byEndpoint.TryGetValue(route, out var known)) return known;
        var tally = _byRoute.GetOrAdd(route.RoutePattern.RawText ?? NoRoute, static name => new(name));
        return _byEndpoint.GetOrAdd(route, (tally, new("group", GroupOf(route))));
    }

    private static string GroupOf(RouteEndpoint route)
    {
        if (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Head) == true)
            return "read";
        if (route.RoutePattern.PathSegments[^1].Parts[0] is RoutePatternLiteralPart { Content: "claim" or "next" })
        {
            return "claim";
        }

        return route.Metadata.GetMetadata<RouteAccess>()?.AnyOf switch
        {
            Scope.Admin => "admin",
            Scope.Work => "settle",
            Scope.Submit => "submit",
            _ => "read",
        };
    }

    /// <summary>The number of requests of one route by status.</summary>
    private sealed class RouteTally(string route)
    {
        private const int StatusMax = 599;

        private readonly KeyValuePair<string, object?> _label = new("route", route);
        private readonly long[] _byStatus = new long[StatusMax + 1];

        public void Count(int status) => Interlocked.Increment(ref _byStatus[Math.Clamp(status, 0, StatusMax)]);

        public IEnumerable<Measurement<long>> Observe()
        {
            for (var status = 0; status <= StatusMax; status++)
            {
                var count = Volatile.Read(ref _byStatus[status]);
                if (count > 0) yield return new(count, _label, new KeyValuePair<string, object?>("code", status));
            }
        }
    }

    /// <summary>What was recorded about a request during handling; such a request isn't timed.</summary>
    private sealed class Note
    {
        public static readonly Note Waits = new();
        public static readonly Note[] Refusals = [.. Reasons.Select(static known => new Note { RefusedBy = known.By })];

        public RefusedBy? RefusedBy { get; private init; }
    }
}
