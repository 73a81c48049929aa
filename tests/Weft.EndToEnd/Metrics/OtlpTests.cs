using System.Net;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Metrics;

/// <summary>Metrics are pushed where OpenTelemetry's own variables name a collector.</summary>
public sealed class OtlpTests
{
    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "/v1/metrics")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/own")]
    public async Task ACollector_GetsTheMetrics_EvenWhereTheyCannotBeRead(string variable, string path)
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        collector.Prefixes.Add($"{address}/");
        collector.Start();
        await using var coordinator = await CoordinatorProcess.StartWithAsync(new Dictionary<string, string>
        {
            [variable] = path == "/own" ? address + path : address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "our-weft",
        }, "--metrics", "off");
        await coordinator.Wire.SubmitAsync("1");
        var request = await collector.GetContextAsync().WaitAsync(Eventually.Max, TimeProvider.System,
            TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        await request.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        request.Response.Close();
        var text = Encoding.Latin1.GetString(body.ToArray());
        Assert.Equal(path, request.Request.RawUrl);
        Assert.Contains("weft.tasks.submitted", text, StringComparison.Ordinal);
        Assert.Contains("our-weft", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACollectorThatIsAway_HoldsUpNoStop()
    {
        await using var coordinator = await CoordinatorProcess.StartWithAsync(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{FreePort.Next()}",
        });
        coordinator.Send(UnixSignal.Terminate);
        Assert.Equal(0, await coordinator.ExitAsync(TimeSpan.FromSeconds(5)));
    }
}
