using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>A second coordinator on a database that it finds by another way than the first.</summary>
[Trait("Store", "sqlite")]
public sealed class LinkedStoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");
    private CoordinatorProcess first = null!;

    private string Database => Path.Combine(first.DataFolder, "weft.db");

    private string Linked => Path.Combine(folder.FullName, "weft.db");

    public async ValueTask InitializeAsync() => first = await CoordinatorProcess.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(1, await first.Wire.SubmitAsync("{}"));
        await first.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ByASymbolicLink_IsRefused()
    {
        File.CreateSymbolicLink(Linked, Database);
        await AssertRefusedAsync(folder.FullName, $"weft.db is a link to {Database}");
    }

    [Fact]
    public async Task ByAHardLink_IsRefused()
    {
        await Command.RunAsync(Command.Describe("ln", folder.FullName, [Database, Linked]), Eventually.Max);
        await AssertRefusedAsync(folder.FullName, "second name");
        File.Delete(Linked);
    }

    [Fact]
    public async Task ByAMount_IsRefused()
    {
        await File.WriteAllTextAsync(Linked, "", TestContext.Current.CancellationToken);
        var result = await Mounts.RunAsync(folder.FullName, $"mount --bind '{Database}' '{Linked}'", "serve", "--port",
            "0", "--data", folder.FullName);
        Assert.Contains("in use by another coordinator", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheLocksOfDotnetTurnedOff_IsRefused()
    {
        var start = WeftBinary.Describe(folder.FullName, "serve", "--port", "0", "--data", first.DataFolder);
        start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1";
        var result = await Command.RunAsync(start, Eventually.Max);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("in use by another coordinator", result.Error, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string data, string because)
    {
        var result = await WeftBinary.RunAsync("serve", "--port", "0", "--data", data);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(because, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
