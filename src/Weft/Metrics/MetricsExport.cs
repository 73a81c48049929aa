using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Weft.Cli;
using Weft.Core;

namespace Weft.Metrics;

/// <summary>
/// Exports the instruments: to whoever scrapes, and by OTLP where OpenTelemetry's own variables name a collector. Until
/// the first scrape there is no exporter, and histograms are not recorded.
/// </summary>
internal sealed class MetricsExport : IHostedService, IDisposable
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsCollector = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const int StopMilliseconds = 1_000;

    private readonly Lazy<MeterProvider> _provider;
    private readonly Lazy<RequestDelegate> _scrape;

    public MetricsExport(Meter meter, IServiceProvider services)
    {
        _provider = new(() => Build(meter));
        _scrape = new(() => new ApplicationBuilder(services)
            .UseOpenTelemetryPrometheusScrapingEndpoint(_provider.Value, static _ => true, null, null, null).Build());
    }

    // https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    private static bool IsPushed =>
        (ValueOf(Collector) ?? ValueOf(MetricsCollector)) is not null
        && ValueOf("OTEL_METRICS_EXPORTER") is null or "otlp";

    /// <summary>Answers with all metrics, in the text format of Prometheus or in OpenMetrics.</summary>
    public Task ScrapeAsync(HttpContext context) => _scrape.Value(context);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsPushed) _ = _provider.Value;
        return Task.CompletedTask;
    }

    /// <summary>Pushes the last numbers; a collector that doesn't take them holds up no stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _provider.IsValueCreated
        ? Task.Run(() => _provider.Value.Shutdown(StopMilliseconds), cancellationToken)
        : Task.CompletedTask;

    public void Dispose()
    {
        if (_provider.IsValueCreated) _provider.Value.Dispose();
    }

    private static MeterProvider Build(Meter meter)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            // The variables win: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
            .ConfigureResource(static resource => resource
                .AddService("weft", serviceVersion: WeftCommand.Version).AddEnvironmentVariableDetector())
            .AddMeter(meter.Name)
            .AddPrometheusExporter(static options =>
            {
                // Both would be the same on every line; weft_build_info tells who this is.
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.ScrapeResponseCacheDurationMilliseconds = (int)Limits.SnapshotAgeMax.TotalMilliseconds;
            });
        if (IsPushed) builder.AddOtlpExporter(static options =>
        {
            // The other variables the exporter reads itself.
            if (Uri.TryCreate(ValueOf(MetricsCollector), UriKind.Absolute, out var endpoint))
            {
                options.Endpoint = endpoint;
            }
        });
        return builder.Build();
    }

    private static string? ValueOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
