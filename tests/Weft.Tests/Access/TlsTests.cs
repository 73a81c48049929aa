using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.CommandLine;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Access;

public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-tls-");
    private readonly TestCertificate _first = TestCertificate.Create();

    private string CertFile => Path.Combine(_folder.FullName, "cert.pem");

    private string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public TlsTests() => Put(_first);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Https_IsServed_AndInsistedOn()
    {
        await using var store = await TestStore.NewAsync();
        await using var coordinator =
            await Coordinator.StartAsync(new()
                { Port = 0, Data = store.Folder, Store = store.Database,
                    Network = new() { TlsCert = CertFile, TlsKey = KeyFile } });
        Assert.Equal("https", coordinator.Url.Scheme);
        string? seen = null;
        using var handler = new HttpClientHandler
            { ServerCertificateCustomValidationCallback = (_, cert, _, _) => (seen = cert!.Thumbprint) is not null };
        // HTTP/2 multiplies what one connection may hold: who would speak it gets HTTP/1.1.
        using var http =
            new HttpClient(handler) { BaseAddress = coordinator.Url, DefaultRequestVersion = HttpVersion.Version20 };
        using var response = await http.GetAsync("health", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal(_first.Thumbprint, seen);
        Assert.Equal("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task Refresh_TakesOverANewPair_AndNothingElse()
    {
        var certificate = new TlsCertificate(CertFile, KeyFile);
        Assert.False(await RefreshAsync(certificate));
        var second = TestCertificate.Create();
        // As a renewal that is caught half-way.
        await File.WriteAllTextAsync(CertFile, second.Cert, TestContext.Current.CancellationToken);
        Assert.False(await RefreshAsync(certificate));
        Assert.Equal(_first.Thumbprint, ThumbprintOf(certificate));
        Put(second);
        Assert.True(await RefreshAsync(certificate));
        Assert.Equal(second.Thumbprint, ThumbprintOf(certificate));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Refresh_OfWhatCannotBeUsed_KeepsTheOldOne_UntilThereIsABetter(string? content)
    {
        var certificate = new TlsCertificate(CertFile, KeyFile);
        if (content is null) File.Delete(CertFile);
        else await File.WriteAllTextAsync(CertFile, content, TestContext.Current.CancellationToken);
        Assert.False(await RefreshAsync(certificate));
        Assert.Equal(_first.Thumbprint, ThumbprintOf(certificate));
        var second = TestCertificate.Create();
        Put(second);
        Assert.True(await RefreshAsync(certificate));
        Assert.Equal(second.Thumbprint, ThumbprintOf(certificate));
    }

    [Fact]
    public void Start_WithWhatCannotBeUsed_IsRefusedInOneLine()
    {
        File.WriteAllText(KeyFile, TestCertificate.Create().Key);
        var mismatch = Assert.Throws<CommandFailure>(() => new TlsCertificate(CertFile, KeyFile));
        Assert.Contains(KeyFile, mismatch.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mismatch.Message);
        Assert.Throws<CommandFailure>(() => new TlsCertificate(CertFile, KeyFile + "x"));
        Assert.Throws<CommandFailure>(() => NetworkSettings.Complete(new() { Network = new() { TlsCert = CertFile } }));
    }

    private static Task<bool> RefreshAsync(TlsCertificate certificate) =>
        certificate.RefreshAsync(NullLogger.Instance, TestContext.Current.CancellationToken);

    private static string ThumbprintOf(TlsCertificate certificate) =>
        certificate.Current.ServerCertificateContext!.TargetCertificate.Thumbprint;

    private void Put(TestCertificate certificate)
    {
        File.WriteAllText(CertFile, certificate.Cert);
        File.WriteAllText(KeyFile, certificate.Key);
    }
}
