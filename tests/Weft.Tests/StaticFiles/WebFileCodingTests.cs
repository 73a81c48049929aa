namespace Weft.Tests.StaticFiles;

public sealed class WebFileCodingTests : IAsyncLifetime
{
    private static readonly DateTime Built = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private WebFolderServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await WebFolderServer.StartAsync();
        File.SetLastWriteTimeUtc(server.Write("main.wasm", "plain content"), Built);
        File.SetLastWriteTimeUtc(server.Write("main.wasm.br", "in brotli"), Built);
        File.SetLastWriteTimeUtc(server.Write("main.wasm.gz", "by gzip's"), Built);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0.1", "gzip")]
    [InlineData("identity;q=0.5, gzip", "gzip")]
    [InlineData("gzip;q=0.5, identity", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("*;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    public async Task Coding_IsTheOneThatTheClientPrefers(string accepted, string? coding)
    {
        var response = await server.GetAsync("/main.wasm", $"Accept-Encoding: {accepted}");

        Assert.Equal(200, response.Status);
        Assert.Equal(coding, response["Content-Encoding"]);
        Assert.Equal(coding switch { "br" => "in brotli", "gzip" => "by gzip's", _ => "plain content" }, response.Text);
        Assert.Equal("application/wasm", response["Content-Type"]);
        Assert.Equal("Accept-Encoding", response["Vary"]);
    }

    [Fact]
    public async Task ClientThatNamesNoCoding_GetsThePlainFile()
    {
        var response = await server.GetAsync("/main.wasm");

        Assert.Equal("plain content", response.Text);
        Assert.Null(response["Content-Encoding"]);
        Assert.Equal("Accept-Encoding", response["Vary"]);
    }

    [Fact]
    public async Task Tags_OfTheSameFile_DifferByCoding()
    {
        var tags = await Task.WhenAll(Tag("identity"), Tag("br"), Tag("gzip"));
        Assert.Equal(3, tags.Distinct().Count());

        Assert.Equal(304,
            (await server.GetAsync("/main.wasm", "Accept-Encoding: br", $"If-None-Match: {tags[1]}")).Status);
        Assert.Equal(200,
            (await server.GetAsync("/main.wasm", "Accept-Encoding: gzip", $"If-None-Match: {tags[1]}")).Status);

        async Task<string?> Tag(string coding) =>
            (await server.GetAsync("/main.wasm", $"Accept-Encoding: {coding}"))["ETag"];
    }

    [Fact]
    public async Task Range_IsOfTheCodedBytes()
    {
        var response = await server.GetAsync("/main.wasm", "Accept-Encoding: br", "Range: bytes=3-");

        Assert.Equal(206, response.Status);
        Assert.Equal("bytes 3-8/9", response["Content-Range"]);
        Assert.Equal("brotli", response.Text);
        Assert.Equal("br", response["Content-Encoding"]);
    }

    [Fact]
    public async Task SiblingOlderThanItsFile_IsNotSent()
    {
        File.SetLastWriteTimeUtc(server.Write("main.wasm", "a new build"), Built.AddMinutes(1));

        Assert.Equal("a new build", (await server.GetAsync("/main.wasm", "Accept-Encoding: br, gzip")).Text);
    }

    [Fact]
    public async Task SiblingThatLeadsOut_IsNotSent()
    {
        File.Delete(Path.Combine(server.Web, "main.wasm.br"));
        File.CreateSymbolicLink(Path.Combine(server.Web, "main.wasm.br"), server.SecretFile);

        Assert.Equal("by gzip's", (await server.GetAsync("/main.wasm", "Accept-Encoding: br, gzip")).Text);
    }

    [Fact]
    public async Task SiblingAskedForByItsOwnName_IsAFileLikeAnother()
    {
        var response = await server.GetAsync("/main.wasm.br", "Accept-Encoding: br");

        Assert.Equal("in brotli", response.Text);
        Assert.Null(response["Content-Encoding"]);
        Assert.Equal("application/octet-stream", response["Content-Type"]);
    }
}
