using System.Net.Sockets;
using Weft.Serve;
using Weft.Serve.Room;
using Weft.Testing.Stores;

namespace Weft.Tests.Room;

/// <summary>A coordinator with <c>--lab</c>: plain http and https on one port, and what either says.</summary>
public sealed class RoomServeTests(RoomServeTests.Server server) : IClassFixture<RoomServeTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-room-");
        private TestStore? _store;

        internal Coordinator Coordinator { get; private set; } = null!;

        internal RoomFolder Folder => new(Path.Combine(_folder.FullName, "cert"));

        internal ServeOptions Options { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _store = await TestStore.NewAsync();
            Folder.Ensure(RoomNames.Of(["room.example"]), TimeProvider.System.GetUtcNow());
            Options = new()
            {
                Port = 0, Data = _store.Folder, Store = _store.Database, Lab = true, Access = AccessMode.Tokens,
                RoomFolder = Folder,
                Network = new()
                {
                    PublicNames = ["room.example"], TlsCert = Folder.CertFile, TlsKey = Folder.KeyFile,
                },
            };
            Coordinator = await Coordinator.StartAsync(Options);
        }

        public async ValueTask DisposeAsync()
        {
            await Coordinator.DisposeAsync();
            await _store!.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task OnePort_ServesBoth_AndNeitherInsistsOnHttps(string scheme)
    {
        using var http = Client(scheme);
        using var answer = await http.GetAsync("health", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        // It would keep a browser from the page that explains the certificate, for a year.
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task AConnectionThatSaysNothing_HoldsUpNobody()
    {
        using var silent = new TcpClient();
        await silent.ConnectAsync("127.0.0.1", server.Coordinator.Url.Port, TestContext.Current.CancellationToken);
        using var http = Client("https");
        Assert.Contains("coordinator", await http.GetStringAsync("health", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "room.example", "/", 302)]
    [InlineData("http", "127.0.0.1", "/", 200)]
    [InlineData("http", "room.example", "/worker/", 200)]
    [InlineData("https", "room.example", "/", 200)]
    public async Task PlainHttp_LeadsToThePageThatExplains_FromTheFirstPageAlone(string scheme, string host,
        string path, int status)
    {
        using var http = Client(scheme);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 302) Assert.Equal("./join/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task TheCa_AndItsFingerprint_AreForEverybody_AndTheKeyIsForNobody()
    {
        using var http = Client("http");
        using var certificate = await http.GetAsync("join/weft-room-ca.crt", TestContext.Current.CancellationToken);
        using var authority = server.Folder.Authority;
        Assert.Equal("application/x-x509-ca-cert", certificate.Content.Headers.ContentType!.ToString());
        Assert.Equal(authority.RawData,
            await certificate.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var room = await http.GetStringAsync("join/room.json", TestContext.Current.CancellationToken);
        Assert.Contains($"\"sha256\":\"{RoomAuthority.Fingerprint(authority)}\"", room, StringComparison.Ordinal);
        Assert.Contains($"\"join\":\"http://room.example:{server.Coordinator.Url.Port}/join/\"", room,
            StringComparison.Ordinal);
        Assert.DoesNotContain("weft_", room, StringComparison.Ordinal);
        foreach (var path in (string[])["join/ca-key.pem", "join/key.pem", "weft-cert/ca-key.pem"])
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(404, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task TheLink_IsTheSameAfterARestart_UntilItsTokenIsRevoked()
    {
        await using var store = await TestStore.NewAsync();
        var options = new ServeOptions
        {
            Port = 0, Data = store.Folder, Store = store.Database, Lab = true, Access = AccessMode.Tokens,
        };
        var file = Path.Combine(store.Folder, "join-link.txt");
        Assert.Equal(store.Database is null ? file : JoinLink.FileOf(options), JoinLink.FileOf(options));
        var (admin, first) = await StartAsync(options, revoked: null);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(JoinLink.FileOf(options)!));
        }

        Assert.Equal(first, (await StartAsync(options, revoked: admin)).Join);
        Assert.NotEqual(first, (await StartAsync(options, revoked: null)).Join);
        File.Delete(JoinLink.FileOf(options)!);
    }

    [Fact]
    public async Task AfterARestart_TheHintForALink_IsOfUseOnOtherMachines()
    {
        await using var store = await TestStore.NewAsync();
        var options = new ServeOptions
        {
            Port = 0, Data = store.Folder, Store = store.Database, Access = AccessMode.Tokens,
            RoomFolder = server.Folder, Network = server.Options.Network,
        };
        await (await Coordinator.StartAsync(options)).DisposeAsync();
        await using var coordinator = await Coordinator.StartAsync(options);
        var banner = new StringWriter();
        Banner.Print(banner, coordinator, options, tokensFile: null);
        Assert.Contains($"--link --url http://room.example:{coordinator.Url.Port}{Environment.NewLine}",
            banner.ToString(), StringComparison.Ordinal);
    }

    // Starts it, keeps its link as the banner does, and revokes its token at the end where an admin's is given.
    private static async Task<(string? Admin, string Join)> StartAsync(ServeOptions options, string? revoked)
    {
        await using var coordinator = await Coordinator.StartAsync(options);
        var link = JoinLink.Of(options, coordinator.Url, coordinator.JoinToken);
        Assert.EndsWith($"#token={coordinator.JoinToken}", link, StringComparison.Ordinal);
        Assert.True(JoinLink.TryKeep(JoinLink.FileOf(options)!, link));
        if (revoked is not null)
        {
            using var http = new HttpClient { BaseAddress = coordinator.Url };
            http.DefaultRequestHeaders.Authorization = new("Bearer", revoked);
            // The admin's is the first, and the worker's, of which the link is, the second.
            using var answer = await http.DeleteAsync("api/v1/tokens/2", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        }

        return (coordinator.FirstTokens?.Admin, coordinator.JoinToken!);
    }

    private HttpClient Client(string scheme)
    {
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = static (_, _, _, _) => true,
        };
        return new(handler) { BaseAddress = new($"{scheme}://127.0.0.1:{server.Coordinator.Url.Port}/") };
    }
}
