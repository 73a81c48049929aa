using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class CommandLineTests
{
    [Fact]
    public async Task TheDemo_GetsAllOfItsProductsRight()
    {
        var result = await WeftBinary.RunAsync("demo");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("200 of 200", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task TheDemoWithLiars_KeepsItsPromise_AndBarsThem()
    {
        var result = await WeftBinary.RunAsync("demo", "--liars", "0.2", "--tasks", "1000");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Error);
        Assert.StartsWith("1000 of 1000 products told, by 20 workers\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("at most 1 % wrong while 20 % of the workers lie together", result.Output,
            StringComparison.Ordinal);
        int Number(string pattern) => int.Parse(Regex.Match(result.Output, pattern).Groups[1].Value, null);
        // Ten are promised; more than these are seen once in a thousand times.
        Assert.InRange(Number(@"wrong when told: (\d+)"), 0, 19);
        Assert.InRange(Number(@"Barred +(\d) of 4 liars, 0 of 16 honest workers"), 1, 4);
    }

    [Fact]
    public async Task TheDemoWithLiars_WhomNobodyCouldOutvote_IsRefused() => Assert.Equal(
        new(2, "", "weft: --liars 0.3 needs at least 13 --workers: the honest must be able to outvote the " +
            "others. Try 'weft demo --help'.\n"),
        await WeftBinary.RunAsync("demo", "--liars", "0.3", "--workers", "4"));

    [Fact]
    public async Task Version_IsANumberAlone()
    {
        var result = await WeftBinary.RunAsync("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
    }

    [Theory]
    [InlineData("--lab", "and with a link to join")]
    [InlineData("--port", "[default: 8080]")]
    [InlineData("--host", "[default: 127.0.0.1]")]
    [InlineData("--access", "tokens on the network]")]
    [InlineData("--open", "even on network addresses")]
    [InlineData("--legacy-open", "six Node.js-compatible endpoints")]
    [InlineData("--public-name", "* for any")]
    [InlineData("--cors-origins", "* for any")]
    [InlineData("--max-inflight-bytes-per-client", "or what one large claim needs]")]
    [InlineData("--trusted-proxies", "comma-separated")]
    [InlineData("--tls-cert", "reloaded when it changes")]
    [InlineData("--tls-key", "the certificate's private key")]
    [InlineData("--data", "[default: weft-data]")]
    [InlineData("--store", "'Host=localhost;Database=weft'")]
    [InlineData("--web", "[default: webserver/ if it exists]")]
    [InlineData("--lease-seconds", "[default: 60]")]
    [InlineData("--retention", "[default: 7d]")]
    [InlineData("--metrics", "[default: token where tokens are required, else open]")]
    [InlineData("--metrics-queues", "[default: 100]")]
    [InlineData("--webhook-http", "[default: https only]")]
    [InlineData("--webhooks-for-submitters", "[default: admins only]")]
    [InlineData("--webhook-allow", "[default: none, only public addresses]")]
    [InlineData("--max-body-bytes", "[default: 10485760]")]
    [InlineData("--allow-javascript-modules", "[default: WebAssembly only]")]
    [InlineData("--allow-python-modules", "no token is required on loopback, and with --lab]")]
    [InlineData("--board", "beside what their browsers computed")]
    [InlineData("--max-result-bytes", "[default: 10485760]")]
    [InlineData("--max-header-bytes", "[default: 16384]")]
    [InlineData("--max-inflight-bytes", "[default: 268435456]")]
    [InlineData("--max-connections", "what the limit on open files allows]")]
    [InlineData("--min-data-rate", "[default: 1024]")]
    [InlineData("--request-time", "[default: 5m]")]
    [InlineData("--keep-alive", "[default: 2m]")]
    [InlineData("--max-held", "[default: 16384]")]
    [InlineData("--max-connections-per-address", "[default: 4096]")]
    [InlineData("--max-held-per-client", "[default: 2048]")]
    [InlineData("--max-rate-per-address", "[default: 5000]")]
    [InlineData("--max-rate-per-token", "[default: 0]")]
    [InlineData("--max-tasks-per-token", "[default: 1000000]")]
    [InlineData("--max-payload-bytes-per-token", "[default: 17179869184]")]
    [InlineData("--max-stored-bytes-per-token", "[default: 68719476736]")]
    [InlineData("--max-queues-per-token", "[default: 1000]")]
    [InlineData("--max-groups-per-token", "[default: 10000]")]
    [InlineData("--max-modules-per-token", "[default: 100]")]
    [InlineData("--max-module-bytes-per-token", "[default: 1073741824]")]
    [InlineData("--max-blob-bytes", "[default: 1073741824]")]
    [InlineData("--max-blobs-bytes", "[default: 21474836480]")]
    [InlineData("--max-blob-bytes-per-token", "[default: 5368709120]")]
    [InlineData("--max-output-bytes", "[default: 1073741824]")]
    [InlineData("--max-workers-remembered", "[default: 10000]")]
    public async Task Help_ShowsEveryOption_WithItsDefault(string option, string value)
    {
        foreach (var arguments in (string[][])[["--help"], ["serve", "--help"]])
        {
            var result = await WeftBinary.RunAsync(arguments);
            Assert.Equal(0, result.ExitCode);
            var line = Assert.Single(result.Output.Split('\n'), line => line.TrimStart()
                .StartsWith(option + " ", StringComparison.Ordinal));
            Assert.EndsWith(value, line.TrimEnd(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("weft [<port>]", "--help")]
    [InlineData("weft serve [options]", "serve", "--help")]
    [InlineData("weft tasks [options]", "tasks", "--help")]
    public async Task Help_ShowsHowTheCommandIsTyped(string usage, params string[] arguments) =>
        Assert.Contains(usage, (await WeftBinary.RunAsync(arguments)).Output, StringComparison.Ordinal);
}
