using System.Net.Sockets;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class StopTests
{
    /// <summary>The promise: whatever is going on, a stop takes at most this long.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(UnixSignal.Terminate)]
    [InlineData(UnixSignal.Interrupt)]
    public async Task ASignal_EndsAnIdleCoordinator_WithExitCodeZero(UnixSignal signal)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        coordinator.Send(signal);
        Assert.Equal(0, await coordinator.ExitAsync(StopMax));
    }

    [Fact]
    public async Task AStop_EndsLongPolls_With204()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var waiting = coordinator.Wire.GetAsync("/task/next?workerId=waits&wait=20");
        await Eventually.SeeAsync("the worker waits", () => coordinator.Wire.GetAsync("/stats"),
            stats => stats.Json.GetProperty("workers").GetProperty("active").GetInt64() == 1);

        coordinator.Send(UnixSignal.Terminate);

        Assert.Equal("204 ", (await waiting).ToString());
        Assert.Equal(0, await coordinator.ExitAsync(StopMax));
    }

    [Fact]
    public async Task AStop_AnswersWhatIsInFlight_AndKeepsIt()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var upload = await HeldUpload.BeginAsync(coordinator.Address);
        coordinator.Send(UnixSignal.Terminate);
        await AssertAcceptsNoMoreAsync(coordinator);

        Assert.StartsWith("HTTP/1.1 200", await upload.FinishAsync());

        Assert.Equal(0, await coordinator.ExitAsync(StopMax));
        await coordinator.StartAsync();
        Assert.Equal(new Claim(1, """{"held":true}"""), await coordinator.Wire.ClaimAsync("worker"));
    }

    [Fact]
    public async Task AClientThatNeverFinishes_DoesNotHoldUpAStop()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var upload = await HeldUpload.BeginAsync(coordinator.Address);
        coordinator.Send(UnixSignal.Terminate);
        Assert.Equal(0, await coordinator.ExitAsync(StopMax));
    }

    [Fact]
    public async Task ASecondCtrlC_ExitsAtOnce()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var upload = await HeldUpload.BeginAsync(coordinator.Address);
        coordinator.Send(UnixSignal.Interrupt);
        await AssertAcceptsNoMoreAsync(coordinator);
        Assert.True(coordinator.IsRunning, "It did not wait for what is in flight.");

        coordinator.Send(UnixSignal.Interrupt);

        await coordinator.ExitAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task AStop_LeavesNoLogBehind()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync("{}");
        coordinator.Send(UnixSignal.Terminate);
        Assert.Equal(0, await coordinator.ExitAsync(StopMax));

        var log = new FileInfo(Path.Combine(coordinator.DataFolder, "weft.db-wal"));
        Assert.True(!log.Exists || log.Length == 0,
            $"{log.FullName} has {(log.Exists ? log.Length : 0)} bytes that are not in the database.");
    }

    private static async Task AssertAcceptsNoMoreAsync(CoordinatorProcess coordinator) =>
        await Eventually.SeeAsync("no new connection is accepted", async () =>
        {
            using var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(coordinator.Address.Host, coordinator.Port,
                    TestContext.Current.CancellationToken);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }, refused => refused);
}
