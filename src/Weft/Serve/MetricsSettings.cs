using Weft.CommandLine;
using Weft.Core;
using Weft.Metrics;

namespace Weft.Serve;

/// <summary>The settings of <c>/metrics</c>. OpenTelemetry's variables configure the push by OTLP.</summary>
internal static class MetricsSettings
{
    // An OpenTelemetry metric has at most 2,000 series, and each queue has one for each of its six states.
    private const int QueuesMax = 300;

    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, MetricsMode>(
            "metrics",
            "Who may read /metrics: nobody (off), clients with a token of the scope read or metrics (token), or " +
                "anyone (open) [default: token where tokens are required, else open]",
            null,
            static text => (Enum.TryParse<MetricsMode>(text, ignoreCase: true, out var mode) && text == NameOf(mode),
                mode),
            "off, token or open", static (options, value) => options.Metrics = value),
        new Setting<ServeOptions, int>(
            "metrics-queues", "Most queues with metrics of their own; the others are added up as _other",
            $"{Limits.MetricsQueuesDefault}", ServeSettings.Integer(0, QueuesMax),
            $"a number of queues from 0 to {QueuesMax}", static (options, value) => options.MetricsQueues = value),
    ];

    /// <exception cref="CommandFailure">Tokens are required for metrics on a coordinator without tokens.</exception>
    public static void Check(ServeOptions options)
    {
        if (options.Metrics == MetricsMode.Token && options.Access != AccessMode.Tokens)
        {
            throw new CommandFailure(
                "--metrics token needs --access tokens: a coordinator that is open has no tokens.");
        }
    }

    private static string NameOf(MetricsMode mode) => mode switch
    {
        MetricsMode.Off => "off",
        MetricsMode.Token => "token",
        _ => "open",
    };
}
