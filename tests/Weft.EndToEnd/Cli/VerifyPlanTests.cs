using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft verify plan</c>, which needs no coordinator.</summary>
public sealed class VerifyPlanTests
{
    [Fact]
    public async Task APlan_IsComputed_AndSimulated()
    {
        var run = await WeftBinary.RunAsync("verify", "plan", "--workers", "20", "--tasks", "100", "--hostile", "0.2");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            "20 workers, 100 tasks each, 20 % of workers hostile; at most 1 % of results wrong while 20 % of workers " +
            "lie.", lines[0]);
        Assert.StartsWith("Computed: 1.60 copies of each task if all workers are honest; at most ", lines[1],
            StringComparison.Ordinal);
        Assert.StartsWith("ATTACK ", lines[3], StringComparison.Ordinal);
        Assert.Equal("none", lines[4].Split(' ')[0]);
        Assert.Equal(11, lines[4..].Length);
    }

    [Fact]
    public async Task Json_IsOneObjectALine_TheSameForTheSameSeed()
    {
        string[] typed =
        [
            "verify", "plan", "--workers", "10", "--tasks", "50", "--attack", "always-together", "--json",
            "--seed", "3",
        ];
        var run = await WeftBinary.RunAsync(typed);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(("always-together", 500),
            (json.RootElement.GetProperty("attack").GetString(), json.RootElement.GetProperty("tasks").GetInt32()));
        Assert.InRange(json.RootElement.GetProperty("copies").GetDouble(), 1, 5);
        Assert.InRange(json.RootElement.GetProperty("computedWrongMax").GetDouble(), 0.0001, 0.01);
        Assert.Equal(run, await WeftBinary.RunAsync(typed));
    }

    [Theory]
    [InlineData("--max-wrong: '0.2' is not a number from 0.000001 to 0.1.", "--max-wrong", "0.2")]
    [InlineData("--hostile: '1' is not a number from 0 to 0.9.", "--hostile", "1")]
    [InlineData("--assume-hostile: 'NaN' is not a number from 0.001 to 0.4.", "--assume-hostile", "NaN")]
    [InlineData("--copies: '8' is not a number from 2 to 7.", "--copies", "8")]
    [InlineData("--workers times --tasks must be at most 1000000.", "--workers", "1000", "--tasks", "100000")]
    public async Task ABadFlag_IsNamed(string message, params string[] typed) =>
        Assert.Equal(new(2, "", $"weft: {message} Try 'weft verify plan --help'.\n"),
            await WeftBinary.RunAsync(["verify", "plan", .. typed]));
}
