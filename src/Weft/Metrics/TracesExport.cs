using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Weft.Core.Tracing;

namespace Weft.Metrics;

/// <summary>
/// Exports spans by OTLP where OpenTelemetry's own variables name a collector; elsewhere nobody listens, and none are
/// made. What a collector doesn't take in time is dropped: at most 2,048 wait.
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

    /// <summary>Begins to export what the source makes.</summary>
    public static TracesExport Begin(string service, string source) => new(Build(service, source));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Build("weft", AttemptSpans.SourceName);
        return Task.CompletedTask;
    }

    /// <summary>Pushes the last spans; a collector that doesn't take them holds up no stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(End, cancellationToken);

    public void Dispose() => End();

    private void End()
    {
        if (Interlocked.Exchange(ref _provider, null) is not { } provider) return;
        provider.Shutdown(StopMilliseconds);
        provider.Dispose();
    }

    // The sampler is the default one: whoever submitted the task has decided.
    private static TracerProvider? Build(string service, string source) => !OtlpVariables.Name(Signal)
        ? null
        : Sdk.CreateTracerProviderBuilder()
            // The variables win: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: WeftVersion.Text).AddEnvironmentVariableDetector())
            .AddSource(source)
            .AddOtlpExporter(static options => OtlpVariables.Apply(options, Signal))
            .Build();
}
