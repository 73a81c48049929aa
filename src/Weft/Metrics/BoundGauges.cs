using System.Diagnostics.Metrics;
using Weft.Http.Bounds;
using Weft.Http.Pipeline;

namespace Weft.Metrics;

/// <summary>The use of each limit on clients, along with the limit.</summary>
internal sealed class BoundGauges
{
    public BoundGauges(Meter meter, HeldRequests held, ConnectionCount connections, ByteBudget bodies)
    {
        Gauge("weft.http.held_requests", "{request}", "Waiting requests", () => held.Count);
        Gauge("weft.http.held_requests_limit", "{request}", "Limit of waiting requests", () => held.Max);
        Gauge("weft.http.connections", "{connection}", "Connections", () => connections.Count);
        Gauge("weft.http.connections_limit", "{connection}", "Limit of open connections", () => connections.Max);
        Gauge("weft.body", "By", "Memory used by large bodies", () => bodies.Taken);
        Gauge("weft.body_bytes_limit", null, "Limit of the memory for large bodies, in bytes", () => bodies.Max);

        void Gauge(string name, string? unit, string description, Func<long> read) =>
            meter.CreateObservableGauge(name, read, unit, description);
    }
}
