using Weft.Http.StaticFiles;

namespace Weft.Tests.StaticFiles;

public sealed class WebFileTests : IAsyncLifetime
{
    private WebFolderServer server = null!;

    public async ValueTask InitializeAsync() => server = await WebFolderServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("page.html", "text/html; charset=utf-8")]
    [InlineData("style.css", "text/css; charset=utf-8")]
    [InlineData("main.js", "text/javascript; charset=utf-8")]
    [InlineData("module.mjs", "text/javascript; charset=utf-8")]
    [InlineData("square.py", "text/x-python; charset=utf-8")]
    [InlineData("types.d.ts", "text/plain; charset=utf-8")]
    [InlineData("notes.txt", "text/plain; charset=utf-8")]
    [InlineData("main.wasm", "application/wasm")]
    [InlineData("MAIN.WASM", "application/wasm")]
    [InlineData("main.data", "application/octet-stream")]
    [InlineData("main.js.map", "application/json")]
    [InlineData("settings.json", "application/json")]
    [InlineData("app.webmanifest", "application/manifest+json")]
    [InlineData("logo.svg", "image/svg+xml")]
    [InlineData("logo.png", "image/png")]
    [InlineData("logo.webp", "image/webp")]
    [InlineData("favicon.ico", "image/x-icon")]
    [InlineData("text.woff2", "font/woff2")]
    [InlineData("icudt.dat", "application/octet-stream")]
    [InlineData("no-extension", "application/octet-stream")]
    public async Task File_IsSentWithTheTypeOfItsName(string name, string type)
    {
        server.Write(name, "content");

        var response = await server.GetAsync("/" + name);

        Assert.Equal(200, response.Status);
        Assert.Equal(type, response["Content-Type"]);
        Assert.Equal("content", response.Text);
    }

    [Theory]
    [InlineData("a%20b.txt", "a b.txt")]
    [InlineData("%C3%BCber.txt", "über.txt")]
    [InlineData("100%25.txt", "100%.txt")]
    [InlineData("a+b.txt", "a+b.txt")]
    public async Task Name_IsDecodedOnce(string target, string name)
    {
        server.Write(name, "content");

        Assert.Equal("content", (await server.GetAsync("/" + target)).Text);
    }

    [Fact]
    public async Task Folder_IsAnsweredWithItsIndex()
    {
        server.Write("index.html", "top");
        server.Write("docs/index.html", "docs");

        Assert.Equal("top", (await server.GetAsync("/")).Text);
        Assert.Equal("top", (await server.GetAsync("/?page=1")).Text);
        Assert.Equal("docs", (await server.GetAsync("/docs/")).Text);
        Assert.Equal("text/html; charset=utf-8", (await server.GetAsync("/docs/"))["Content-Type"]);
    }

    [Theory]
    [InlineData("/docs", "./docs/")]
    [InlineData("/docs?a=1&b=%2F", "./docs/?a=1&b=%2F")]
    [InlineData("/docs/a%20b", "./a%20b/")]
    [InlineData("/docs?a=\u0001\u007f&b=%00", "./docs/?a=%01%7F&b=%00")]
    public async Task FolderWithoutItsSlash_IsRedirectedRelatively(string target, string location)
    {
        server.Write("docs/index.html", "docs");
        server.Write("docs/a b/index.html", "deeper");

        var response = await server.GetAsync(target);

        Assert.Equal(301, response.Status);
        Assert.Equal(location, response["Location"]);
        Assert.Equal("no-cache", response["Cache-Control"]);
    }

    [Fact]
    public async Task FolderWithoutIndex_IsLeftToTheApi()
    {
        server.Write("docs/page.html", "page");

        Assert.Equal(WebFolderServer.ApiNotFound, (await server.GetAsync("/docs")).Text);
        Assert.Equal(WebFolderServer.ApiNotFound, (await server.GetAsync("/docs/")).Text);
        Assert.Equal(WebFolderServer.ApiNotFound, (await server.GetAsync("/docs/page.html/")).Text);
    }

    [Fact]
    public async Task UsersFile_ComesBeforeTheBuiltInOne()
    {
        await File.WriteAllTextAsync(Path.Combine(server.BuiltIn, "index.html"), "built in",
            TestContext.Current.CancellationToken);
        Assert.Equal("built in", (await server.GetAsync("/")).Text);

        server.Write("index.html", "user's");
        Assert.Equal("user's", (await server.GetAsync("/")).Text);
    }

    [Fact]
    public async Task Route_ComesBeforeAFileOfItsName()
    {
        server.Write("health", "file");

        Assert.Equal("healthy", (await server.GetAsync("/health")).Text);
    }

    [Fact]
    public async Task UnknownPath_IsLeftToTheApi()
    {
        var response = await server.SendAsync("POST", "/nothing/here", "Content-Length: 0");

        Assert.Equal(404, response.Status);
        Assert.Equal(WebFolderServer.ApiNotFound, response.Text);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Writing_IsRefusedWithWhatIsAllowed(string method)
    {
        server.Write("index.html", "top");

        var response = await server.SendAsync(method, "/index.html", "Content-Length: 0");

        Assert.Equal(405, response.Status);
        Assert.Equal("GET, HEAD, OPTIONS", response["Allow"]);
    }

    [Fact]
    public async Task Head_SaysWhatGetWouldSend_WithoutABody()
    {
        server.Write("main.js", "0123456789");

        var get = await server.GetAsync("/main.js");
        var head = await server.SendAsync("HEAD", "/main.js", "Range: bytes=0-1");

        Assert.Equal(200, head.Status);
        Assert.Empty(head.Body);
        string[] names =
            ["Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges", "Vary", "Cache-Control"];
        Assert.All(names, name => Assert.Equal(get[name], head[name]));
        Assert.DoesNotContain(null, names.Select(name => head[name]));
    }

    [Fact]
    public void BuiltInPages_LieNextToTheBinary() =>
        Assert.True(File.Exists(Path.Combine(new WebFolderOptions().BuiltInFolder, "index.html")));
}
