using System.Diagnostics;
using System.Net.Sockets;

namespace Weft.Tests.StaticFiles;

public sealed class WebFolderBoundaryTests : IAsyncLifetime
{
    private WebFolderServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await WebFolderServer.StartAsync();
        server.Write("docs/page.html", "page");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/docs/../../secret.txt")]
    [InlineData("/./../secret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/%2E%2E/secret.txt")]
    [InlineData("/.%2e/secret.txt")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/..%2Fsecret.txt")]
    [InlineData("/%2e%2e%2fsecret.txt")]
    [InlineData("/docs/..%2f..%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("/%2e%2e%5csecret.txt")]
    [InlineData("/..\\secret.txt")]
    [InlineData("/%252e%252e/secret.txt")]
    [InlineData("/%252e%252e%252fsecret.txt")]
    [InlineData("/%25252e%25252e/secret.txt")]
    [InlineData("/%c0%ae%c0%ae/secret.txt")]
    [InlineData("/..%c0%afsecret.txt")]
    [InlineData("/..;/secret.txt")]
    [InlineData("/../secret.txt%00.html")]
    [InlineData("/docs/page.html%00")]
    [InlineData("/docs/page.html%01")]
    [InlineData("//docs/page.html")]
    [InlineData("/docs//page.html")]
    [InlineData("//../secret.txt")]
    [InlineData("/C:/secret.txt")]
    [InlineData("/C:%5csecret.txt")]
    [InlineData("/%5c%5chost%5cshare%5csecret.txt")]
    [InlineData("/file:///etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/%2fetc%2fpasswd")]
    public async Task PathThatTriesToLeave_FindsNothing(string target)
    {
        var response = await server.GetAsync(target);

        Assert.True(response.Status is 400 or 404, $"{target} was answered {response.Status}: {response.Text}");
        Assert.DoesNotContain(WebFolderServer.Secret, response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AbsolutePathOfTheSecret_FindsNothing() =>
        Assert.Equal(404, (await server.GetAsync("/" + server.SecretFile)).Status);

    [Fact]
    public async Task FolderWhoseNameOnlyStartsTheSame_IsOutside()
    {
        var neighbour = Directory.CreateDirectory(server.Web + "-private");
        await File.WriteAllTextAsync(Path.Combine(neighbour.FullName, "key.txt"), WebFolderServer.Secret,
            TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(server.Web, "link"), neighbour.FullName);

        Assert.Equal(404, (await server.GetAsync("/link/key.txt")).Status);
    }

    [Theory]
    [InlineData(".env")]
    [InlineData(".git/config")]
    [InlineData("docs/.htpasswd")]
    [InlineData(".hidden/index.html")]
    public async Task HiddenName_IsNotServed(string path)
    {
        server.Write(path, WebFolderServer.Secret);

        Assert.Equal(404, (await server.GetAsync("/" + path)).Status);
        Assert.Equal(404, (await server.GetAsync("/" + path.Replace(".", "%2e", StringComparison.Ordinal))).Status);
        Assert.Equal(404, (await server.GetAsync("/.hidden")).Status);
        Assert.Equal(404, (await server.GetAsync("/.hidden/")).Status);
    }

    // Linux allows these names; on another system each of them would be a path, a drive or a trick.
    [Theory]
    [InlineData("docs\\key.txt", "/docs%5ckey.txt")]
    [InlineData("C:key.txt", "/C:key.txt")]
    [InlineData("key\t.txt", "/key%09.txt")]
    public async Task NameThatIsMoreThanANameElsewhere_IsNotServed(string name, string target)
    {
        server.Write(name, WebFolderServer.Secret);

        Assert.Equal(404, (await server.GetAsync(target)).Status);
    }

    [Fact]
    public async Task LinkThatLeadsOut_IsRefused()
    {
        Link("file.txt", server.SecretFile);
        Link("relative.txt", "../secret.txt");
        Link("twice.txt", "relative.txt");
        Link("folder", Path.GetDirectoryName(server.SecretFile)!);
        Link("docs/up", "../..");
        Link("device.txt", "/dev/zero");

        string[] targets =
            ["/file.txt", "/relative.txt", "/twice.txt", "/folder/secret.txt", "/docs/up/secret.txt", "/device.txt"];
        foreach (var target in targets) Assert.Equal((target, 404), (target, (await server.GetAsync(target)).Status));
    }

    [Fact]
    public async Task LinkThatStaysInside_IsFollowed()
    {
        Link("absolute.html", Path.Combine(server.Web, "docs/page.html"));
        Link("relative.html", "./docs/../docs/page.html");
        Link("manual", "docs");
        Link("docs/self", "../manual");
        Link("docs/out-and-in.html", "../../web/docs/page.html");

        string[] targets =
            ["/absolute.html", "/relative.html", "/manual/page.html", "/docs/self/page.html", "/docs/out-and-in.html"];
        foreach (var target in targets) Assert.Equal((target, "page"), (target, (await server.GetAsync(target)).Text));
    }

    [Fact]
    public async Task LinkThatLoopsOrDangles_FindsNothing()
    {
        Link("loop", "loop");
        Link("ping", "pong");
        Link("pong", "ping");
        Link("dangling", "gone.html");

        string[] targets = ["/loop", "/loop/page.html", "/ping", "/dangling", "/dangling/"];
        foreach (var target in targets) Assert.Equal((target, 404), (target, (await server.GetAsync(target)).Status));
    }

    [Fact]
    public async Task FolderThatIsItselfALink_IsServedFromWhereItLeadsNow()
    {
        server.Write("index.html", "old");
        var released = server.Web + "-released";
        Directory.Move(server.Web, released);
        Directory.CreateSymbolicLink(server.Web, released);
        Assert.Equal("old", (await server.GetAsync("/")).Text);

        var next = Directory.CreateDirectory(server.Web + "-next").FullName;
        await File.WriteAllTextAsync(Path.Combine(next, "index.html"), "new", TestContext.Current.CancellationToken);
        Directory.Delete(server.Web);
        Directory.CreateSymbolicLink(server.Web, next);
        Assert.Equal("new", (await server.GetAsync("/")).Text);
    }

    [Fact]
    public async Task PipeOrSocket_IsNoFile()
    {
        using var mkfifo = Process.Start("mkfifo", Path.Combine(server.Web, "pipe.txt"));
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, mkfifo.ExitCode);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(server.Web, "socket.txt")));

        Assert.Equal(404, (await server.GetAsync("/pipe.txt")).Status);
        Assert.Equal(404, (await server.GetAsync("/socket.txt")).Status);
    }

    [Fact]
    public async Task EmptyFile_IsServed()
    {
        server.Write("empty.css", "");

        var response = await server.GetAsync("/empty.css");

        Assert.Equal(200, response.Status);
        Assert.Equal("0", response["Content-Length"]);
    }

    [Fact]
    public async Task NameOfAnyLength_FindsNothing()
    {
        Assert.Equal(404, (await server.GetAsync("/" + new string('a', 300))).Status);
        Assert.Equal(404, (await server.GetAsync("/" + string.Join('/', Enumerable.Repeat("a", 3_000)))).Status);
    }

    private void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(server.Web, path), target);
}
