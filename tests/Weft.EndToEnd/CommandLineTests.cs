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
    public async Task Version_IsANumberAlone()
    {
        var result = await WeftBinary.RunAsync("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
    }

    [Theory]
    [InlineData("--port", "[default: 8080]")]
    [InlineData("--host", "[default: 127.0.0.1]")]
    [InlineData("--access", "tokens on others")]
    [InlineData("--open", "on network addresses too")]
    [InlineData("--legacy-open", "six endpoints of old clients")]
    [InlineData("--public-name", "* for any")]
    [InlineData("--cors-origins", "[default: *]")]
    [InlineData("--trusted-proxies", "several with commas")]
    [InlineData("--tls-cert", "read again when it changes")]
    [InlineData("--tls-key", "the certificate's key")]
    [InlineData("--data", "[default: weft-data]")]
    [InlineData("--web", "webserver/ where there is one")]
    [InlineData("--lease-seconds", "[default: 60]")]
    [InlineData("--retention", "[default: 7d]")]
    [InlineData("--max-body-bytes", "[default: 10485760]")]
    [InlineData("--allow-javascript-modules", "[default: WebAssembly alone]")]
    public async Task Help_ShowsEveryOption_WithItsDefault(string option, string value)
    {
        foreach (var arguments in (string[][])[["--help"], ["serve", "--help"]])
        {
            var result = await WeftBinary.RunAsync(arguments);
            Assert.Equal(0, result.ExitCode);
            var line = Assert.Single(result.Output.Split('\n'), line => line.TrimStart().StartsWith(option + " ", StringComparison.Ordinal));
            Assert.EndsWith(value, line.TrimEnd(), StringComparison.Ordinal);
        }
    }
}
