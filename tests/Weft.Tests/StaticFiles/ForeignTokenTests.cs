namespace Weft.Tests.StaticFiles;

/// <summary>Links to the console and the lab, which may bring a stranger's token.</summary>
public sealed class ForeignTokenTests
{
    [Theory]
    [InlineData("/", "cross-site", "./?elsewhere=1")]
    [InlineData("/index.html?view=a%26b", "same-site", "./?view=a%26b&elsewhere=1")]
    [InlineData("/lab/", "cross-site", "./?elsewhere=1")]
    [InlineData("/LAB/", "cross-site", "./?elsewhere=1")]
    // What the page doesn't take for a mark is none.
    [InlineData("/lab/?elsewhere=1&x=1", "cross-site", "./?elsewhere=1&x=1&elsewhere=1")]
    [InlineData("/lab/?ELSEWHERE=1", "cross-site", "./?ELSEWHERE=1&elsewhere=1")]
    [InlineData("/lab/?xelsewhere=1", "cross-site", "./?xelsewhere=1&elsewhere=1")]
    [InlineData("/lab/?elsewhere=1", "cross-site", null)]
    [InlineData("/lab/?x=1&elsewhere=1", "cross-site", null)]
    [InlineData("/", "same-origin", null)]
    [InlineData("/", "none", null)]
    [InlineData("/", null, null)]
    [InlineData("/worker/", "cross-site", null)]
    public async Task ANavigationFromAnotherSite_IsMarked(string target, string? site, string? location)
    {
        await using var server = await WebFolderServer.StartAsync();
        foreach (var folder in (string[])["", "lab", "LAB", "worker"])
        {
            Directory.CreateDirectory(Path.Combine(server.BuiltIn, folder));
            await File.WriteAllTextAsync(Path.Combine(server.BuiltIn, folder, "index.html"), "ours",
                TestContext.Current.CancellationToken);
        }

        var answer = site is null ? await server.GetAsync(target)
            : await server.GetAsync(target, $"Sec-Fetch-Site: {site}");
        Assert.Equal((location is null ? 200 : 302, location), (answer.Status, answer["Location"]));
    }
}
