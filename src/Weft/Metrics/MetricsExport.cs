using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Weft.Core;

namespace Weft.Metrics;

/// <summary>
/// Exports the metrics: to scrapers, and by OTLP if OpenTelemetry's own variables name a collector. Until the first
/// scrape there is no exporter, and histograms are not recorded.
/// </summary>
internal sealed class MetricsExport : IHostedService, IDisposable
{
    private const string Signal = "METRICS";
    private const int StopMilliseconds = 1_000;

    private readonly Lazy<MeterProvider> _provider;
    private readonly Lazy<RequestDelegate> _scrape;

    public MetricsExport(Meter meter, IServiceProvider services)
    {
        _provider = new(() => Build(meter));
        _scrape = new(() => new ApplicationBuilder(services)
            .UseOpenTelemetryPrometheusScrapingEndpoint(_provider.Value, static _ => true, null, null, null).Build());
    }

    /// <summary>Answers with all metrics, in the text format of Prometheus or in OpenMetrics.</summary>
    public Task ScrapeAsync(HttpContext context) => _scrape.Value(context);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (OtlpVariables.Name(Signal)) _ = _provider.Value;
        return Task.CompletedTask;
    }

    /// <summary>Pushes the last values; a slow collector doesn't delay a stop.</summary>
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
            // The variables take precedence: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
            .ConfigureResource(static resource => resource
                .AddService("weft", serviceVersion: WeftVersion.Text).AddEnvironmentVariableDetector())
            .AddMeter(meter.Name)
            .AddPrometheusExporter(static options =>
            {
                // Both would be the same on every line; weft_build_info identifies the program.
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.ScrapeResponseCacheDurationMilliseconds = (int)Limits.SnapshotAgeMax.TotalMilliseconds;
            });
        if (OtlpVariables.Name(Signal)) builder.AddOtlpExporter(static options => OtlpVariables.Apply(options, Signal));
        return builder.Build();
    }
}
