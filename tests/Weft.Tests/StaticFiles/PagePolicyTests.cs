using System.Security.Cryptography;
using System.Text;
using Weft.Http.StaticFiles;

namespace Weft.Tests.StaticFiles;

public sealed class PagePolicyTests
{
    [Fact]
    public void TheSandboxsScript_IsTheOneThatItsPolicyNames()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wwwroot", "worker", "sandbox.html"));
        var script = page.Split("<script>")[1].Split("</script>")[0];

        Assert.Equal(PagePolicy.SandboxScriptHash,
            Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/worker/")]
    [InlineData("/worker/poller.js")]
    public void PagesOfOurs_RunNoScriptThatStandsInThem_AndLoadNothingFromElsewhere(string path)
    {
        var policy = PagePolicy.Of(path);

        Assert.Contains("default-src 'self'; script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesOfOurs_TellNobodyThatTheirReaderComesFromHere()
    {
        await using var server = await WebFolderServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(server.BuiltIn, "ours.html"), "ours",
            TestContext.Current.CancellationToken);
        server.Write("theirs.html", "the user's affair");

        Assert.Equal("no-referrer", (await server.GetAsync("/ours.html"))["Referrer-Policy"]);
        Assert.Null((await server.GetAsync("/theirs.html"))["Referrer-Policy"]);
    }

    [Fact]
    public void TheSandbox_HasAnOpaqueOrigin_AndNoConnectionToAnywhere()
    {
        var policy = PagePolicy.Of("/worker/sandbox.html");

        Assert.Contains("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("; sandbox allow-scripts;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'self' ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("connect-src", policy, StringComparison.Ordinal);
    }
}
