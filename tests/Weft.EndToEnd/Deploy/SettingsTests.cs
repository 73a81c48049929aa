using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>What the files set is what the binary reads.</summary>
public sealed partial class SettingsTests
{
    // Of the compose file's own: it goes into WEFT_STORE.
    private const string ComposeVariable = "WEFT_DB_PASSWORD";

    // Of the command line's clients.
    private const string ClientVariable = "WEFT_TOKEN";

    [Fact]
    public async Task EveryVariable_IsASettingOfTheBinary()
    {
        var help = (await WeftBinary.RunAsync("serve", "--help")).Output;
        string[] known = [.. Option().Matches(help)
            .Select(static option => "WEFT_" + option.Groups[1].Value.ToUpperInvariant().Replace('-', '_')),
            ComposeVariable, ClientVariable];
        var used = DeployFiles.All.SelectMany(static file => Variable().Matches(DeployFiles.Read(file))
            .Select(match => (file, match.Value))).Distinct().ToList();
        Assert.True(used.Count > 10, "Too few were found for this to mean anything.");
        Assert.All(used, use => Assert.Contains(use.Value, known));
    }

    [Fact]
    public async Task EveryOptionThatTheUnitsGive_IsTaken()
    {
        var help = (await WeftBinary.RunAsync("serve", "--help")).Output;
        foreach (var unit in (string[])["systemd/weft.service", "systemd/weft@.service"])
        {
            var start = Assert.Single(DeployFiles.Read(unit).Split('\n'),
                static line => line.StartsWith("ExecStart=/opt/weft/weft serve ", StringComparison.Ordinal));
            Assert.All(Given().Matches(start),
                option => Assert.Contains($"{option.Value} <", help, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"^\s*--([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex("WEFT_[A-Z]+(_[A-Z]+)*")]
    private static partial Regex Variable();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Given();
}
