using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class WorkerCommandTests
{
    [Fact]
    public async Task AProgram_DoesTheTasks()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "read n; echo $((n * n))", "--queue", "squares",
            "--concurrency", "2");
        for (var n = 1; n <= 5; n++) await coordinator.SubmitAsync("squares", $"{n}");

        Assert.Equal(["1", "4", "9", "16", "25"], await coordinator.LinesAsync("wait", "1", "2", "3", "4", "5"));

        worker.Send(UnixSignal.Interrupt);
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Theory]
    [InlineData("cat", "{\"n\":[1,2]}", "{\"n\":[1,2]}")]
    [InlineData("cat", "\"two words\"", "\"two words\"")]
    [InlineData("cat", "\"{\"", "\"{\"")]
    [InlineData("printf 'a\\nb\\n'", "1", "\"a\\nb\"")]
    [InlineData("printf 'a\\r\\nb\\r\\n'", "1", "\"a\\r\\nb\"")]
    [InlineData("cat", "12", "\"12\"", "--text")]
    [InlineData("echo $WEFT_TASK_ID $WEFT_TASK_ATTEMPT $WEFT_TASK_QUEUE", "1", "\"1 1 q\"")]
    public async Task Strings_AreText_AndOtherPayloadsJson(string exec, string payload, string result,
        params string[] options)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, exec, ["--queue", "q", .. options]);
        await coordinator.SubmitAsync("q", payload);
        Assert.Equal([result], await coordinator.LinesAsync("wait", "1"));
    }

    [Fact]
    public async Task AnExitCode_FailsTheTask_WithTheEndOfStderr()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "echo no luck >&2; exit 3", "--json");
        await coordinator.LinesAsync("submit", "1", "--max-attempts", "1");

        Assert.Equal(new(3, "", "weft: Task 1 is dead: Exit code 3: no luck\n"),
            await coordinator.WeftAsync("wait", "1"));
        Assert.Equal("""{"id":1,"attempt":1,"outcome":"failed","error":"Exit code 3: no luck"}""",
            await worker.ReadLineAsync());
    }

    [Theory]
    [InlineData("printf '\\377'", "The program's output is not UTF-8 text.")]
    [InlineData("head -c 11000000 /dev/zero | tr '\\0' x", "The program's output is over 10485760 bytes.")]
    [InlineData("head -c 10485760 /dev/zero | tr '\\0' x", "The result was rejected: ")]
    public async Task AResultThatCannotBeKept_FailsTheTask(string exec, string error)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, exec);
        await coordinator.LinesAsync("submit", "1", "--max-attempts", "1");
        Assert.StartsWith("weft: Task 1 is dead: " + error, (await coordinator.WeftAsync("wait", "1")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledTask_EndsItsProgram_WithItsChildren()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator,
            "sleep 1000 & echo $! > child; echo $$ > shell; mv shell started; wait", "--lease-seconds", "1", "--json");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        await coordinator.LinesAsync("cancel", "1");

        await worker.SeeEndAsync("child");
        await worker.SeeEndAsync("started");
        Assert.Contains("\"outcome\":\"dropped\"", await worker.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, new string[0], new string[0])]
    [InlineData(7, new[] { "--lease-seconds", "7" }, new string[0])]
    [InlineData(9, new[] { "--lease-seconds", "7" }, new[] { "--lease-seconds", "9" })]
    public async Task TheLease_IsTheWorkers_OrElseTheTasks_OrElseTheCoordinators(int seconds, string[] submit,
        string[] worker)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--lease-seconds", "5");
        await coordinator.LinesAsync(["submit", "1", .. submit]);
        await using var process = new WorkerProcess(coordinator, "sleep 1000", worker);
        var task = await Eventually.SeeAsync("the task is leased",
            async () => (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json,
            static task => task.GetProperty("state").GetString() == "leased");
        Assert.Equal(TimeSpan.FromSeconds(seconds), task.GetProperty("leaseExpiresAt").GetDateTimeOffset()
            - task.GetProperty("claimedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task ALongTask_IsKeptByHeartbeats()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "echo x > started; sleep 3; echo $WEFT_TASK_ATTEMPT",
            "--lease-seconds", "1");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");
        await using var other = new WorkerProcess(coordinator, "echo stolen", "--lease-seconds", "1");
        Assert.Equal(["1"], await coordinator.LinesAsync("wait", "1"));
    }

    [Fact]
    public async Task Stopped_ItFinishesWhatRuns()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator,
            "echo x > started; until [ -e go ]; do sleep 0.05; done; echo finished");
        await coordinator.SubmitAsync("default");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        worker.Send(UnixSignal.Terminate);
        await Eventually.SeeAsync("it says what it does", () => Task.FromResult(worker.Errors),
            errors => errors.Contains("Finishing", StringComparison.Ordinal));
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);

        Assert.Equal(0, await worker.ExitAsync());
        Assert.Equal(new(4, "\"finished\"\n", "weft: Task 2 is ready.\n"),
            await coordinator.WeftAsync("result", "1", "2"));
    }

    [Fact]
    public async Task StoppedTwice_ItGivesBackWhatRuns()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "echo $$ > shell; mv shell started; sleep 1000");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        worker.Send(UnixSignal.Interrupt);
        await Eventually.SeeAsync("it says what it does", () => Task.FromResult(worker.Errors),
            errors => errors.Contains("Finishing", StringComparison.Ordinal));
        worker.Send(UnixSignal.Interrupt);

        Assert.Equal(130, await worker.ExitAsync());
        await worker.SeeEndAsync("started");
        Assert.Equal("weft: Task 1 is ready.\n", (await coordinator.WeftAsync("result", "1")).Error);
    }

    [Fact]
    public async Task ACoordinatorThatComesBack_GetsTheResult()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator,
            "echo x > started; until [ -e go ]; do sleep 0.05; done; echo finished");
        await coordinator.SubmitAsync("default");
        await worker.SeeFileAsync("started");

        await coordinator.KillAsync();
        await File.WriteAllTextAsync(worker.PathOf("go"), "", TestContext.Current.CancellationToken);
        await Eventually.SeeAsync("the worker misses it", () => Task.FromResult(worker.Errors),
            errors => errors.Contains("Retrying", StringComparison.Ordinal));
        await coordinator.StartAsync();

        Assert.Equal(["\"finished\""], await coordinator.LinesAsync("wait", "1"));
    }

    [Fact]
    public async Task WhatMayNotBeClaimed_EndsTheWorker()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "cat", "--queue", "no such name!",
            "--concurrency", "3");
        Assert.Equal(1, await worker.ExitAsync());
        Assert.Contains("weft: Each of queues must have", worker.Errors, StringComparison.Ordinal);
    }
}
