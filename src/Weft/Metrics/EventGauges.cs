using System.Diagnostics.Metrics;
using Weft.Core.Events;

namespace Weft.Metrics;

/// <summary>The metrics of event streams.</summary>
internal sealed class EventGauges
{
    public EventGauges(Meter meter, EventLog log)
    {
        meter.CreateObservableGauge(
            "weft.event.streams", () => log.Readers, "{stream}", "Open event streams");
        meter.CreateObservableCounter(
            "weft.events.sent", () => log.Sent, "{event}", "Events sent, counted once per stream");
        meter.CreateObservableCounter(
            "weft.event.resets", () => log.Resets, "{reset}", "Resets sent because events were missing");
    }
}
