using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Weft.Core.Tracing;

namespace Weft.Metrics;

/// <summary>
/// Exports spans by OTLP if OpenTelemetry's own variables name a collector; otherwise there is no listener, and none
/// are created. If the collector is too slow, spans are dropped: at most 2,048 wait.
/// </summary>
internal sealed class TracesExport : IHostedService, IDisposable
{
    private const string Signal = "TRACES";
    private const int StopMilliseconds = 1_000;

    private TracerProvider? _provider;

    private TracesExport(TracerProvider? provider) => _provider = provider;

    public TracesExport()
    {
    }

    /// <summary>Starts to export the source's spans.</summary>
    public static TracesExport Begin(string service, string source) => new(Build(service, source));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Build("weft", AttemptSpans.SourceName);
        return Task.CompletedTask;
    }

    /// <summary>Pushes the last spans; a slow collector doesn't delay a stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(End, cancellationToken);

    public void Dispose() => End();

    private void End()
    {
        if (Interlocked.Exchange(ref _provider, null) is not { } provider) return;
        provider.Shutdown(StopMilliseconds);
        provider.Dispose();
    }

    // The default sampler: the task's submitter has decided.
    private static TracerProvider? Build(string service, string source) => !OtlpVariables.Name(Signal)
        ? null
        : Sdk.CreateTracerProviderBuilder()
            // The variables take precedence: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: WeftVersion.Text).AddEnvironmentVariableDetector())
            .AddSource(source)
            .AddOtlpExporter(static options => OtlpVariables.Apply(options, Signal))
            .Build();
}
