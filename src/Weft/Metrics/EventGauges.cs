using System.Diagnostics.Metrics;
using Weft.Core.Events;

namespace Weft.Metrics;

/// <summary>Who follows events, and what they were told.</summary>
internal sealed class EventGauges
{
    public EventGauges(Meter meter, EventLog log)
    {
        meter.CreateObservableGauge(
            "weft.event.streams", () => log.Readers, "{stream}", "Streams of events that are open");
        meter.CreateObservableCounter(
            "weft.events.sent", () => log.Sent, "{event}", "Events sent, once for each stream");
        meter.CreateObservableCounter(
            "weft.event.resets", () => log.Resets, "{reset}", "Streams that were told that events are missing");
    }
}
