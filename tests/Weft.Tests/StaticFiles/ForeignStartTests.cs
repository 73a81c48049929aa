namespace Weft.Tests.StaticFiles;

/// <summary>Links to the worker page that would make their visitors compute.</summary>
public sealed class ForeignStartTests
{
    [Theory]
    [InlineData("/worker/?start=1", "cross-site", "./")]
    [InlineData("/worker/?start=1&queue=a&queue=b%26c&cores=2", "cross-site", "./?queue=a&queue=b%26c&cores=2")]
    [InlineData("/worker/index.html?START=1&x", "same-site", "./?x=")]
    [InlineData("/worker/?start=1", "same-origin", null)]
    [InlineData("/worker/?start=1", "none", null)]
    [InlineData("/worker/?start=1", null, null)]
    [InlineData("/worker/?queue=a", "cross-site", null)]
    public async Task ANavigationFromAnotherSite_LosesItsStart(string target, string? site, string? location)
    {
        await using var server = await WebFolderServer.StartAsync();
        Directory.CreateDirectory(Path.Combine(server.BuiltIn, "worker"));
        await File.WriteAllTextAsync(Path.Combine(server.BuiltIn, "worker", "index.html"), "ours",
            TestContext.Current.CancellationToken);
        var answer = site is null ? await server.GetAsync(target)
            : await server.GetAsync(target, $"Sec-Fetch-Site: {site}");
        Assert.Equal((location is null ? 200 : 302, location), (answer.Status, answer["Location"]));
        if (location is not null) Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Fact]
    public async Task APageOfTheUsersFolder_IsTheUsersAffair()
    {
        await using var server = await WebFolderServer.StartAsync();
        server.Write("worker/index.html", "theirs");
        Assert.Equal("theirs", (await server.GetAsync("/worker/?start=1", "Sec-Fetch-Site: cross-site")).Text);
    }
}
