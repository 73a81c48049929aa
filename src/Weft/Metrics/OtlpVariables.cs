using OpenTelemetry.Exporter;

namespace Weft.Metrics;

/// <summary>
/// OpenTelemetry's own variables, which say whether and where to push data by OTLP
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). The exporter itself reads the
/// other variables.
/// </summary>
internal static class OtlpVariables
{
    /// <summary>Whether a collector is named for a signal.</summary>
    /// <param name="signal"><c>METRICS</c> or <c>TRACES</c>.</param>
    public static bool Name(string signal) =>
        (ValueOf("OTEL_EXPORTER_OTLP_ENDPOINT") ?? ValueOf(EndpointOf(signal))) is not null
        && ValueOf($"OTEL_{signal}_EXPORTER") is null or "otlp";

    /// <summary>Uses the collector for this one signal, if one is named.</summary>
    public static void Apply(OtlpExporterOptions options, string signal)
    {
        if (Uri.TryCreate(ValueOf(EndpointOf(signal)), UriKind.Absolute, out var endpoint)) options.Endpoint = endpoint;
    }

    private static string EndpointOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";

    private static string? ValueOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
