using System.Diagnostics.Metrics;
using Weft.Core.Webhooks;

namespace Weft.Core.Metrics;

/// <summary>The metrics of webhooks: the outcome of each attempt to send a message, once it is stored.</summary>
public sealed class WebhookMeter
{
    private static readonly string[] Outcomes = ["ok", "retry", "given_up", "disabled"];
    private static readonly KeyValuePair<string, object?>[] Labels =
        [.. Outcomes.Select(static outcome => new KeyValuePair<string, object?>("outcome", outcome))];

    private readonly long[] _outcomes = new long[Outcomes.Length];

    /// <param name="meter">Creates the instruments.</param>
    public WebhookMeter(Meter meter) =>
        meter.CreateObservableCounter("weft.webhook.deliveries", () => Labels.Select((label, index) =>
            new Measurement<long>(Volatile.Read(ref _outcomes[index]), label)),
            "{delivery}", "Attempts to send a message to a webhook, by outcome");

    /// <summary>An attempt is settled.</summary>
    public void Count(WebhookAnswer answer, bool willRetry, bool isDisabled)
    {
        var outcome = answer.Arrived ? 0 : isDisabled ? 3 : willRetry ? 1 : 2;
        Interlocked.Increment(ref _outcomes[outcome]);
    }
}
