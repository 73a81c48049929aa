using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What people read when a command can't do what it was asked.</summary>
public sealed class RemoteTroubleTests
{
    [Fact]
    public async Task NoCoordinator_IsOneLineThatSaysWhatToDo()
    {
        var result = await WeftBinary.RunAsync("queues", "--url", $"http://127.0.0.1:{FreePort.Next()}");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"^weft: No coordinator answers at http://127\.0\.0\.1:\d+/: .*weft serve.*\n$", result.Error);
    }

    [Fact]
    public async Task WhatTheCoordinatorRefuses_IsToldInItsOwnWords()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.WeftAsync("queues", "pause", "no such name!");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^weft: .*queue.*\n$", result.Error);
    }

    [Fact]
    public async Task AnotherServer_IsNotTakenForACoordinator()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await WeftBinary.RunAsync("queues", "--url", coordinator.Address + "samples");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"weft: The server at {coordinator.Address}samples/ is not a Weft coordinator.\n", result.Error);
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("http://")]
    [InlineData("two words")]
    public async Task AnAddressThatIsNone_IsAMistakeInUse(string url)
    {
        var result = await WeftBinary.RunAsync("queues", "--url", url);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"weft: '{url}' is not a coordinator address", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAddress_NeedsNoScheme()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(0, (await WeftBinary.RunAsync("queues", "--url", $"127.0.0.1:{coordinator.Port}")).ExitCode);
    }

    [Fact]
    public async Task TheAddress_ComesFromTheVariable_WhereNoOptionSaysIt()
    {
        var folder = Directory.CreateTempSubdirectory("weft-e2e-");
        var start = WeftBinary.Describe(folder.FullName, "queues");
        start.Environment["WEFT_URL"] = "http://127.0.0.1:1";
        var result = await Command.RunAsync(start, Eventually.Max);
        folder.Delete();
        Assert.StartsWith("weft: No coordinator answers at http://127.0.0.1:1/", result.Error,
            StringComparison.Ordinal);
    }
}
