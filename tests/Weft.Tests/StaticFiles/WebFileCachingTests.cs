namespace Weft.Tests.StaticFiles;

public sealed class WebFileCachingTests : IAsyncLifetime
{
    private WebFolderServer server = null!;

    public async ValueTask InitializeAsync() => server = await WebFolderServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task FileThatTheClientHas_IsNotSentAgain()
    {
        server.Write("main.js", "content");
        var first = await server.GetAsync("/main.js");
        var tag = first["ETag"];
        Assert.Matches("^\"[^\"]+\"$", tag);

        foreach (var known in new[] { tag, $"\"other\", {tag}", "W/" + tag, "*" })
        {
            var again = await server.GetAsync("/main.js", $"If-None-Match: {known}");

            Assert.Equal(304, again.Status);
            Assert.Empty(again.Body);
            Assert.All(["ETag", "Cache-Control", "Vary"], name => Assert.Equal(first[name], again[name]));
        }
    }

    [Fact]
    public async Task FileThatWasWrittenAgain_IsSentAgain()
    {
        var file = server.Write("main.js", "before");
        var tag = (await server.GetAsync("/main.js"))["ETag"];

        server.Write("main.js", "after!");
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddMilliseconds(20));
        var again = await server.GetAsync("/main.js", $"If-None-Match: {tag}");

        Assert.Equal(200, again.Status);
        Assert.Equal("after!", again.Text);
        Assert.NotEqual(tag, again["ETag"]);
    }

    [Fact]
    public async Task FileUnchangedSinceItsDate_IsNotSentAgain()
    {
        server.Write("main.js", "content");
        var modified = (await server.GetAsync("/main.js"))["Last-Modified"];

        Assert.Equal(304, (await server.GetAsync("/main.js", $"If-Modified-Since: {modified}")).Status);
        Assert.Equal(200,
            (await server.GetAsync("/main.js", "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT")).Status);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("main.wasm")]
    [InlineData("main.abc123def4.js")]
    [InlineData("_framework/dotnet.js")]
    [InlineData("_framework/Weft.components.wasm")]
    [InlineData("_framework/System.Linq.wasm")]
    [InlineData("my_framework/dotnet.abc123def4.js")]
    [InlineData("python/served.json")]
    [InlineData("python/weft_task.py")]
    [InlineData("python/3.1.4/mine.py")]
    public async Task FileWithALastingName_IsRevalidated(string path)
    {
        server.Write(path, "content");

        Assert.Equal("no-cache", (await server.GetAsync("/" + path))["Cache-Control"]);
    }

    [Theory]
    [InlineData("_framework/dotnet.native.8h7x5ttqzk.wasm")]
    [InlineData("_framework/dotnet.runtime.o2mu0ngqjd.js")]
    [InlineData("_framework/dotnet.runtime.o2mu0ngqjd.js.map")]
    [InlineData("_framework/de/App.resources.5f8bnpa13k.wasm")]
    [InlineData("worker/_framework/icudt_CJK.tjcz0u77k5.dat")]
    [InlineData("python/314.0.7/pyodide.asm.wasm")]
    [InlineData("python/314.0.7/python_stdlib.zip")]
    public async Task FileNamedByItsContent_IsKeptForGood(string path)
    {
        server.Write(path, "content");

        Assert.Equal("public, max-age=31536000, immutable", (await server.GetAsync("/" + path))["Cache-Control"]);
    }
}
