using System.Text.RegularExpressions;
using Weft.Tests.Api;

namespace Weft.Tests.OpenApi;

/// <summary>The page that shows the document to people.</summary>
public sealed partial class ReferencePageTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "docs");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder).Select(Path.GetFileName).OfType<string>()];

    [Fact]
    public async Task ThePage_IsAtDocs_AndLoadsOnlyWhatIsBesideIt()
    {
        var page = await server.GetAsync("/docs");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentHeaders.ContentType?.MediaType));
        var loaded = Loaded().Matches(page.Text).Select(static match => match.Groups[1].Value).ToList();
        Assert.Contains("docs.js", loaded);
        Assert.All(loaded, static name => Assert.True(File.Exists(Path.Combine(Folder, name)), name));
        Assert.Contains("default-src 'self'", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("""<style|\sstyle=|\son\w+=|<script(?! type="module" src=)""", page.Text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task EveryFileOfThePage_IsServed_AndKnowsNoOtherHost(string name)
    {
        var file = await server.GetAsync($"/docs/{name}");
        Assert.Equal(200, file.Status);
        Assert.DoesNotMatch("""(?:src|href|from|import|fetch|url)[ =:('"]+(?:https?:)?//""", file.Text);
        // What the description says is shown as text, whatever it is.
        Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(", file.Text);
    }

    [GeneratedRegex("""<(?:script|link)[^>]* (?:src|href)="([^"]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Loaded();
}
