using System.Net.Sockets;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class LongPollTests
{
    [Fact]
    public async Task AWorkerThatWaits_GetsTheTask_WhenItIsSubmitted()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var waiting = coordinator.Wire.ClaimAsync("waits", waitSeconds: 20);
        await Eventually.SeeAsync("the worker waits", () => coordinator.Wire.GetAsync("/stats"),
            stats => stats.Json.GetProperty("workers").GetProperty("active").GetInt64() == 1);

        var taskId = await coordinator.Wire.SubmitAsync("""{"n":1}""");

        Assert.Equal(new Claim(taskId, """{"n":1}"""), await waiting);
    }

    [Fact]
    public async Task AWorkerThatHangsUpWhileItWaits_LeavesTheTaskToOthers()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(coordinator.Address.Host, coordinator.Port,
                TestContext.Current.CancellationToken);
            var request = $"GET /task/next?workerId=gone&wait=25 HTTP/1.1\r\nHost: " +
                $"{coordinator.Address.Authority}\r\n\r\n";
            await connection.GetStream()
                .WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            await Eventually.SeeAsync("the worker is known", () => coordinator.Wire.GetAsync("/stats"),
                static stats => stats.Json.GetProperty("workers").GetProperty("total").GetInt64() == 1);
            // A reset, as from a machine that lost its power: nobody says goodbye.
            connection.LingerState = new(enable: true, seconds: 0);
        }

        // The lease would last 60 s, and this waits 20 s at most.
        var waiting = coordinator.Wire.ClaimAsync("waits", waitSeconds: 20);
        var taskId = await coordinator.Wire.SubmitAsync("7");
        Assert.Equal(new Claim(taskId, "7"), await waiting);
    }

    [Fact]
    public async Task AWorkerThatWaitsInVain_Gets204()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Null(await coordinator.Wire.ClaimAsync("waits", waitSeconds: 1));
    }
}
