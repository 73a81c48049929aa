using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>
/// The proxies' own word on the files that we ship for them. How nginx behaves is seen in
/// <see cref="Postgres.ManyCoordinatorsTests"/>.
/// </summary>
public sealed class ProxyFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-proxies-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("upstream.conf")]
    [InlineData("upstream.compose.conf")]
    public async Task Nginx_TakesItsFiles(string upstream)
    {
        var main = Path.Combine(_folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(main, NginxProcess.MainFile(_folder.FullName),
            TestContext.Current.CancellationToken);
        File.Copy(DeployFiles.PathOf($"nginx/{upstream}"), Path.Combine(_folder.FullName, "upstream.conf"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "weft.conf"),
            NginxProcess.WithLogIn(_folder.FullName, DeployFiles.Read("nginx/weft.conf")),
            TestContext.Current.CancellationToken);
        await DeployFiles.AssertTakesAsync("nginx", "-t", "-q", "-e", "stderr", "-c", main);
    }

    [Fact]
    public async Task Nginx_TakesTheServerOfTheDocs_WithoutAWarning()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var docs = await File.ReadAllTextAsync(Repository.PathOf("docs/security.md"), cancelled);
        var begin = docs.IndexOf("    upstream weft {", StringComparison.Ordinal);
        var server = docs[begin..docs.IndexOf("\nBoth were tested", begin, StringComparison.Ordinal)];
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "weft.conf"),
            server.Replace("/etc/letsencrypt/live/weft.example.org", _folder.FullName, StringComparison.Ordinal),
            cancelled);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "upstream.conf"), "", cancelled);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=weft.example.org", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "fullchain.pem"),
            certificate.ExportCertificatePem(), cancelled);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "privkey.pem"), key.ExportPkcs8PrivateKeyPem(),
            cancelled);
        var main = Path.Combine(_folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(main, NginxProcess.MainFile(_folder.FullName), cancelled);

        var said = await Command.RunAsync(
            Command.Describe("nginx", _folder.FullName, ["-t", "-e", "stderr", "-c", main]), Eventually.Max);
        Assert.True(said.ExitCode == 0 && !said.Error.Contains("[warn]", StringComparison.Ordinal), said.ToString());
    }

    [Fact]
    public async Task BodiesThatAreRefusedEarly_MakeNginxPassOverNoCoordinator()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens");
        await using var nginx = await NginxProcess.StartAsync(coordinator.Port, coordinator.Port, coordinator.Port);
        await AssertPassesOverNoneAsync(nginx.Address, nginx.HealthAsync);
    }

    [Fact]
    public async Task BodiesThatAreRefusedEarly_MakeCaddyPassOverNoCoordinator()
    {
        await using var coordinator =
            await CoordinatorProcess.StartNewAsync("--access", "tokens", "--trusted-proxies", "127.0.0.1");
        await using var caddy = await CaddyProcess.StartAsync(coordinator.Port, coordinator.Port, coordinator.Port);
        await AssertPassesOverNoneAsync(caddy.Address, caddy.HealthAsync);

        var log = await File.ReadAllTextAsync(caddy.LogFile, TestContext.Current.CancellationToken);
        Assert.Contains("\"uri\":\"/api/v1/tasks/batch\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain("headers", log, StringComparison.Ordinal);
    }

    private static async Task AssertPassesOverNoneAsync(Uri proxy, Func<Task<int>> look)
    {
        using var http = new HttpClient { BaseAddress = proxy };
        var sending = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefusedAsync(http)));
        var seen = new List<int>();
        while (!sending.IsCompleted || seen.Count < 20) seen.Add(await look());

        await sending;
        Assert.All(seen, static status => Assert.Equal(200, status));
    }

    // Without a token: the coordinator answers before it has the body, and closes.
    private static async Task RefusedAsync(HttpClient http)
    {
        using var body = new ByteArrayContent(new byte[31 << 20]);
        try
        {
            using var answer = await http.PostAsync("api/v1/tasks/batch", body, TestContext.Current.CancellationToken);
            Assert.Contains((int)answer.StatusCode, (int[])[401, 502]);
        }
        catch (HttpRequestException)
        {
            // The proxy closed while it was sent.
        }
    }

    [Fact]
    public async Task Caddy_TakesItsFile()
    {
        var file = Path.Combine(_folder.FullName, "Caddyfile");
        await File.WriteAllTextAsync(file, DeployFiles.Read("caddy/Caddyfile")
            .Replace("/var/log/caddy", _folder.FullName, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await DeployFiles.AssertTakesAsync("caddy", "validate", "--adapter", "caddyfile", "--config", file);
    }
}
