using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

public sealed class SystemdTests : IDisposable
{
    // Of 100: systemd calls up to 20 well protected.
    private const string ExposureMax = "20";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-units-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("weft.service")]
    [InlineData("weft@.service")]
    public async Task AUnit_IsWellFormed(string unit)
    {
        var copy = Path.Combine(_folder.FullName, unit);
        // The program must exist where the unit is checked.
        await File.WriteAllTextAsync(copy, DeployFiles.Read($"systemd/{unit}")
            .Replace("/opt/weft/weft", WeftBinary.Path, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var said = await Command.RunAsync(Command.Describe("systemd-analyze", _folder.FullName,
            ["verify", "--man=no", copy]), Eventually.Max);
        // A key that systemd doesn't know is only a warning to it.
        Assert.True(said.ExitCode == 0 && !said.Error.Contains(unit, StringComparison.Ordinal), said.ToString());
    }

    [Theory]
    [InlineData("weft.service")]
    [InlineData("weft@.service")]
    public Task AUnit_LetsTheCoordinatorDoLittleElse(string unit) =>
        DeployFiles.AssertTakesAsync("systemd-analyze", "security", "--offline=true", $"--threshold={ExposureMax}",
            "--no-pager", DeployFiles.PathOf($"systemd/{unit}"));
}
