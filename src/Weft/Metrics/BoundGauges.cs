using System.Diagnostics.Metrics;
using Weft.Http.Bounds;
using Weft.Http.Pipeline;

namespace Weft.Metrics;

/// <summary>How much of each bound on clients is in use, beside the bound.</summary>
internal sealed class BoundGauges
{
    public BoundGauges(Meter meter, HeldRequests held, ConnectionCount connections, ByteBudget bodies)
    {
        Gauge("weft.http.held_requests", "{request}", "Requests that wait", () => held.Count);
        Gauge("weft.http.held_requests_limit", "{request}", "Requests that may wait", () => held.Max);
        Gauge("weft.http.connections", "{connection}", "Connections", () => connections.Count);
        Gauge("weft.http.connections_limit", "{connection}", "Connections that may be open", () => connections.Max);
        Gauge("weft.body", "By", "Memory that large bodies take", () => bodies.Taken);
        Gauge("weft.body_bytes_limit", null, "Memory that large bodies may take, in bytes", () => bodies.Max);

        void Gauge(string name, string? unit, string description, Func<long> read) =>
            meter.CreateObservableGauge(name, read, unit, description);
    }
}
