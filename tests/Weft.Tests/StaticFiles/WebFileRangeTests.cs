namespace Weft.Tests.StaticFiles;

public sealed class WebFileRangeTests : IAsyncLifetime
{
    private WebFolderServer server = null!;

    public async ValueTask InitializeAsync() => server = await WebFolderServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("bytes=0-3", "0123", "bytes 0-3/10")]
    [InlineData("bytes=4-", "456789", "bytes 4-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=8-99", "89", "bytes 8-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    public async Task Range_IsSentAlone(string range, string part, string contentRange)
    {
        server.Write("main.data", "0123456789");

        var response = await server.GetAsync("/main.data", $"Range: {range}");

        Assert.Equal(206, response.Status);
        Assert.Equal(contentRange, response["Content-Range"]);
        Assert.Equal(part, response.Text);
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=-0")]
    public async Task RangeBeyondTheEnd_IsRefusedWithTheLength(string range)
    {
        server.Write("main.data", "0123456789");

        var response = await server.GetAsync("/main.data", $"Range: {range}");

        Assert.Equal(416, response.Status);
        Assert.Equal("bytes */10", response["Content-Range"]);
        Assert.Empty(response.Body);
    }

    [Theory]
    [InlineData("bytes=3-1")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("lines=0-1")]
    [InlineData("nonsense")]
    public async Task RangeThatIsNotUnderstood_IsIgnored(string range)
    {
        server.Write("main.data", "0123456789");

        var response = await server.GetAsync("/main.data", $"Range: {range}");

        Assert.Equal(200, response.Status);
        Assert.Equal("0123456789", response.Text);
    }

    [Fact]
    public async Task Resuming_WithTheTagOfTheSameFile_GoesOn()
    {
        server.Write("main.data", "0123456789");
        var first = await server.GetAsync("/main.data");

        Assert.Equal(206,
            (await server.GetAsync("/main.data", "Range: bytes=4-", $"If-Range: {first["ETag"]}")).Status);
        Assert.Equal(206,
            (await server.GetAsync("/main.data", "Range: bytes=4-", $"If-Range: {first["Last-Modified"]}")).Status);
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("Mon, 01 Jan 2001 00:00:00 GMT")]
    public async Task Resuming_WithTheTagOfAnotherFile_StartsAnew(string condition)
    {
        server.Write("main.data", "0123456789");

        var response = await server.GetAsync("/main.data", "Range: bytes=4-", $"If-Range: {condition}");

        Assert.Equal(200, response.Status);
        Assert.Equal("0123456789", response.Text);
    }

    // The sizes of the bundles that the clients compiled years ago consist of.
    [Theory]
    [InlineData("main.wasm", 4 * 1024 * 1024)]
    [InlineData("main.js", 13 * 1024 * 1024)]
    public async Task Bundle_IsSentWholeAndInParts(string name, int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        server.Write(name, content);

        var whole = await server.GetAsync("/" + name);
        Assert.Equal(length.ToString(System.Globalization.CultureInfo.InvariantCulture), whole["Content-Length"]);
        Assert.True(whole.Body.AsSpan().SequenceEqual(content));

        var half = length / 2;
        var start = await server.GetAsync("/" + name, $"Range: bytes=0-{half - 1}");
        var rest = await server.GetAsync("/" + name, $"Range: bytes={half}-", $"If-Range: {start["ETag"]}");
        Assert.Equal((206, 206), (start.Status, rest.Status));
        Assert.True(content.AsSpan().SequenceEqual([.. start.Body, .. rest.Body]));
    }
}
