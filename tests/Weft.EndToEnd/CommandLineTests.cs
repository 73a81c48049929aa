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
    [InlineData("--port", "8080")]
    [InlineData("--host", "")]
    [InlineData("--data", "")]
    [InlineData("--web", "")]
    [InlineData("--lease-seconds", "60")]
    [InlineData("--retention", "")]
    [InlineData("--max-body-bytes", "")]
    public async Task Help_ShowsEveryOption_WithItsDefault(string option, string value)
    {
        var result = await WeftBinary.RunAsync("serve", "--help");
        Assert.Equal(0, result.ExitCode);
        var line = Assert.Single(result.Output.Split('\n'), line => line.Contains(option + " ", StringComparison.Ordinal) && line.TrimStart().StartsWith('-'));
        Assert.Contains("default", line, StringComparison.Ordinal);
        Assert.Contains(value, line, StringComparison.Ordinal);
    }
}
