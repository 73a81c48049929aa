using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>A store on a read-only disk: a snapshot, a mounted backup.</summary>
[Trait("Store", "sqlite")]
public sealed class ReadOnlyStoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");
    private CoordinatorProcess coordinator = null!;

    private string Backup => Path.Combine(folder.FullName, "backup.db");

    public async ValueTask InitializeAsync()
    {
        coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync("{}");
    }

    public async ValueTask DisposeAsync()
    {
        await coordinator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Serve_SaysWhy()
    {
        await StopAsync();
        var result = await WeftAsync("serve", "--port", "0", "--data", coordinator.DataFolder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is on a read-only disk", Assert.Single(result.Error.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CheckAndBackup_ReadIt(bool isAtWork)
    {
        if (!isAtWork) await StopAsync();
        var check = await WeftAsync("check", "--data", coordinator.DataFolder);
        Assert.True(check.ExitCode == 0 && check.Output.Contains("is sound: 1 task.", StringComparison.Ordinal),
            check.ToString());
        var backup = await WeftAsync("backup", Backup, "--data", coordinator.DataFolder);
        Assert.True(backup.ExitCode == 0 && File.Exists(Backup), backup.ToString());
    }

    private Task<CommandResult> WeftAsync(params string[] arguments) =>
        Mounts.RunAsync(folder.FullName,
            $"mount --bind '{coordinator.DataFolder}' '{coordinator.DataFolder}' && mount -o remount,ro,bind " +
            $"'{coordinator.DataFolder}'", arguments);

    private async Task StopAsync()
    {
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
    }
}
