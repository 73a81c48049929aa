using Weft.EndToEnd.Running;
using Weft.Testing.Fronts;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft worker</c> whose way to the coordinator answers in its place.</summary>
public sealed class WorkerFrontTests
{
    public static TheoryData<string> Lies() => new(FrontLies.Names);

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task AFinishedResult_IsDelivered_WhateverAnsweredMeanwhile(string lie)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        await using var worker = new WorkerProcess(front.Url,
            "echo x > started; until [ -e go ]; do sleep 0.05; done; echo finished", "--lease-seconds", "8");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        front.Lie(FrontLies.Of(lie));
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        var lies = front.Lies;
        await Eventually.SeeAsync("it asks", () => Task.FromResult(front.Lies),
            seen => seen >= lies + (lie == "silence" ? 1 : 3));
        await front.TellTheTruthAsync();

        Assert.Equal(["\"finished\""], await coordinator.LinesAsync("wait", "1"));
        worker.Send(UnixSignal.Terminate);
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Theory]
    [InlineData(429, "rate_limited")]
    [InlineData(503, "overloaded")]
    [InlineData(507, "store_full")]
    public async Task ARefusalThatPasses_EndsNoProgram(int status, string code)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        await using var worker = new WorkerProcess(front.Url,
            "echo x > started; until [ -e go ]; do sleep 0.05; done; echo $WEFT_TASK_ATTEMPT", "--lease-seconds", "3");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        front.Lie(FrontAnswer.Problem(status, code, "Later.", "Retry-After: 1"));
        await Eventually.SeeAsync("heartbeats are refused", () => Task.FromResult(front.Lies),
            static lies => lies >= 2);
        await front.TellTheTruthAsync();
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        Assert.Equal(["1"], await coordinator.LinesAsync("wait", "1"));
    }

    [Fact]
    public async Task AResultThatAProxyDoesNotTake_FailsItsTaskAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new LyingFront(coordinator.Address);
        front.Lie(static request => request.Length > 100_000 ? FrontAnswer.Page(413) : null);
        await using var worker = new WorkerProcess(front.Url,
            "[ $WEFT_TASK_ID = 2 ] || head -c 200000 /dev/zero | tr '\\0' x");
        await coordinator.LinesAsync("submit", "1", "--max-attempts", "1");
        await coordinator.LinesAsync("submit", "2");

        Assert.StartsWith("weft: Task 1 is dead: The result was rejected: A proxy in front",
            (await coordinator.WeftAsync("wait", "1")).Error, StringComparison.Ordinal);
        Assert.Equal(["\"\""], await coordinator.LinesAsync("wait", "2"));
    }

    [Fact]
    public async Task ASignal_EndsTheWorker_ThoughItsCoordinatorIsAway()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator,
            "echo x > started; until [ -e go ]; do sleep 0.05; done", "--lease-seconds", "2");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");
        await coordinator.KillAsync();
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        worker.Send(UnixSignal.Terminate);
        Assert.Equal(0, await worker.ExitAsync());
        Assert.Contains("The outcome could not be delivered", worker.Errors, StringComparison.Ordinal);
    }
}
