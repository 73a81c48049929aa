using System.Diagnostics;
using System.Text.Json;
using Weft.EndToEnd.Deploy;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Metrics;

/// <summary>A real Prometheus with the files that we ship scrapes a real coordinator.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-prometheus-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Prometheus_ScrapesTheCoordinator_AndItsRulesWork()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync("1");
        File.Copy(DeployFiles.PathOf("prometheus/weft.rules.yml"), Path.Combine(_folder.FullName, "weft.rules.yml"));
        var settings = Path.Combine(_folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(settings, DeployFiles.Read("prometheus/prometheus.yml")
            .Replace("127.0.0.1:8080", coordinator.Address.Authority, StringComparison.Ordinal)
            .Replace("scrape_interval: 15s", "scrape_interval: 1s\n  evaluation_interval: 1s",
                StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var port = FreePort.Next();
        using var prometheus = Process.Start(Command.Describe("prometheus", _folder.FullName,
        [
            $"--config.file={settings}", $"--storage.tsdb.path={_folder.FullName}/data",
            $"--web.listen-address=127.0.0.1:{port}",
        ]))!;
        try
        {
            using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/api/v1/") };
            await SeeAsync(http, "query?query=weft_tasks_submitted_total{queue=\"default\"}", "\"1\"]");
            await SeeAsync(http, "query?query=weft:ready{queue=\"default\"}", "\"1\"]");
            await SeeAsync(http, "query?query=up{job=\"weft\"}", "\"1\"]");
            var rules = JsonDocument.Parse(await http.GetStringAsync("rules", TestContext.Current.CancellationToken));
            Assert.All(rules.RootElement.GetProperty("data").GetProperty("groups")[0].GetProperty("rules")
                .EnumerateArray(), static rule =>
                Assert.True(rule.GetProperty("health").GetString() is "ok" or "unknown", rule.ToString()));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Task<string> SeeAsync(HttpClient http, string path, string expected) =>
        Eventually.SeeAsync(path, async () =>
        {
            try
            {
                return await http.GetStringAsync(path, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException exception)
            {
                // It has not begun to listen.
                return exception.Message;
            }
        }, answer => answer.Contains(expected, StringComparison.Ordinal));
}
