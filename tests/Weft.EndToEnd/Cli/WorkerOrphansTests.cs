using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Processes that get out of their task's session, and outlive their parents.</summary>
// The worker doesn't know the store.
[Trait("Store", "sqlite")]
public sealed class WorkerOrphansTests
{
    // The payload says what a task does; each leaves a process that writes its id into a file of that name.
    private const string Program = """
        read name how
        case $how in
            daemon) setsid -f sh -c "echo \$\$ > $name; exec sleep 1000" ;;
            twice) (setsid sh -c "(sh -c 'echo \$\$ > $name; exec sleep 1000' &) &" &) ;;
            bare) env -i PATH="$PATH" setsid -f sh -c "echo \$\$ > $name; exec sleep 1000" > /dev/null 2>&1 ;;
        esac
        until [ -s $name ]; do sleep 0.02; done
        until [ -e $name-may-end ]; do sleep 0.02; done
        echo 1
        """;

    [Theory]
    [InlineData("daemon")]
    [InlineData("twice")]
    [InlineData("bare")]
    public async Task AProcessInASessionOfItsOwn_EndsWithItsTask_AndThatOfAnotherTaskGoesOn(string how)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, Program, "--concurrency", "2", "--json");
        await coordinator.SubmitAsync("default", "\"other daemon\"");
        await worker.SeeFileAsync("other");
        await coordinator.SubmitAsync("default", $"\"first {how}\"");
        await worker.SeeFileAsync("first");
        Allow(worker, "first");
        Assert.Contains("\"id\":2,\"attempt\":1,\"outcome\":\"completed\"", await worker.ReadLineAsync(),
            StringComparison.Ordinal);
        // One that doesn't say whose it is may be of either task.
        if (how != "bare") await worker.SeeEndAsync("first");
        Assert.True(worker.IsAlive("other"));
        Allow(worker, "other");
        Assert.Contains("\"id\":1,\"attempt\":1,\"outcome\":\"completed\"", await worker.ReadLineAsync(),
            StringComparison.Ordinal);
        await worker.SeeEndAsync("other");
        await worker.SeeEndAsync("first");
    }

    [Fact]
    public async Task AProcessInASessionOfItsOwn_EndsWithACancelledTask()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, Program, "--json", "--lease-seconds", "1");
        await coordinator.SubmitAsync("default", "\"first twice\"");
        await worker.SeeFileAsync("first");
        await coordinator.Wire.PostAsync("/api/v1/tasks/1/cancel", "");
        await worker.SeeEndAsync("first");
    }

    private static void Allow(WorkerProcess worker, string name) =>
        File.WriteAllText(worker.PathOf($"{name}-may-end"), "");
}
