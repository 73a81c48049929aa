using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Programs that <c>weft worker</c> runs, and what they are given.</summary>
public sealed class WorkerProgramTests
{
    [Theory]
    [InlineData("\"cut \\ud83d\"", "\"cut \uFFFD\"")]
    [InlineData("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83d\"}")]
    [InlineData(
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" +
            "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",null)]
    public async Task WhatTextCannotHold_IsATaskLikeOthers(string payload, string? result)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "cat", "--json");
        var id = await coordinator.SubmitAsync("default", payload);
        Assert.Equal($$"""{"id":{{id}},"attempt":1,"outcome":"completed"}""", await worker.ReadLineAsync());
        var stored = (await coordinator.Wire.GetAsync($"/api/v1/tasks/{id}")).Text;
        Assert.Contains($"\"result\":{result ?? payload}", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskNestedDeep_OfAnOldClient_FailsAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "cat", "--json");
        var deep = await coordinator.Wire.SubmitAsync(new string('[', 200) + new string(']', 200));
        await coordinator.SubmitAsync("default", "2");
        var lines = new[] { await worker.ReadLineAsync(), await worker.ReadLineAsync() };
        Assert.Contains(lines,
            line =>
            line!.StartsWith($$"""{"id":{{deep}},"attempt":1,"outcome":"failed","error":"The result was rejected: """,
            StringComparison.Ordinal));
        Assert.Contains("""{"id":2,"attempt":1,"outcome":"completed"}""", lines);
    }

    [Theory]
    [InlineData("while :; do echo x; done | head -1", "\"x\"")]
    [InlineData("printf '\\357\\273\\277{\"a\":1}'", "{\"a\":1}")]
    [InlineData("printf '\"cut \\\\ud83d\"'", "\"cut \\ud83d\"")]
    [InlineData("echo null", "null")]
    [InlineData("yes я | tr -d '\\n' | head -c 9000000 | wc -c", "9000000")]
    public async Task AProgram_IsUnderstood(string exec, string result)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, exec, "--json");
        await coordinator.SubmitAsync("default");
        Assert.Equal("""{"id":1,"attempt":1,"outcome":"completed"}""", await worker.ReadLineAsync());
        Assert.Equal(result, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("result")
            .GetRawText());
    }

    [Fact]
    public async Task ALongText_TravelsAsItIs()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "yes '<я>' | tr -d '\\n' | head -c 8000000", "--json");
        await coordinator.SubmitAsync("default");
        Assert.Equal("""{"id":1,"attempt":1,"outcome":"completed"}""", await worker.ReadLineAsync());
        Assert.Equal(6_000_000, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("result")
            .GetString()!.Length);
    }

    [Fact]
    public async Task ExitCode65_FailsTheTaskForGood()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "echo hopeless >&2; exit 65");
        await coordinator.SubmitAsync("default");
        Assert.Equal("weft: Task 1 is dead: Exit code 65: hopeless\n",
            (await coordinator.WeftAsync("wait", "1")).Error);
        Assert.Equal(1, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task NoSecretOfTheWorkers_ReachesAProgram()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        // What a program of the same user could read; root itself can be kept from nothing.
        const string Look =
            "env | grep WEFT_ | grep -v -e WEFT_TASK_ -e WEFT_WORKER_DIR; " +
            "p=$PPID; tr '\\0' '\\n' < /proc/$p/environ 2>&1 | grep -c 'WEFT_TOKEN='; true";
        await using var worker = new WorkerProcess(coordinator.Address, Look, ["--json"], WithoutPowers(),
            new() { ["WEFT_TOKEN"] = "weft_secret", ["WEFT_STORE"] = "Password=secret" });
        await coordinator.SubmitAsync("default");
        Assert.Equal("""{"id":1,"attempt":1,"outcome":"completed"}""", await worker.ReadLineAsync());
        Assert.Equal("0", (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task AMachineWithoutFiles_GivesItsTasksBack_AndWorksOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        for (var i = 0; i < 80; i++) await coordinator.SubmitAsync("default");
        // The worker itself, and each program's three pipes, want descriptors.
        await using var worker = new WorkerProcess(coordinator.Address, "sleep 1", ["--concurrency", "80"],
            ["prlimit", "--nofile=200:200"], []);
        await Eventually.SeeAsync("all are done", async () => (await coordinator.WeftAsync("stats", "--json")).Output,
            static text => text.Contains("\"completed\":80,", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        worker.Send(UnixSignal.Terminate);
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task AtItsStart_ItSaysForWhom_AndAtItsEnd_HowMuch()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator, "cat", "--queue", "a", "--queue", "b", "--concurrency",
            "auto", "--worker-id", "lab");
        await coordinator.SubmitAsync("a");
        await coordinator.LinesAsync("wait", "1");
        worker.Send(UnixSignal.Terminate);
        Assert.Equal(0, await worker.ExitAsync());
        Assert.StartsWith($"weft: Working as lab for {coordinator.Address}, queue a, b, " +
            $"{Environment.ProcessorCount} at once.", worker.Errors, StringComparison.Ordinal);
        Assert.Contains("weft: 1 task completed, 0 attempts failed.", worker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongError_IsShownByItsEnd()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var worker = new WorkerProcess(coordinator,
            "head -c 3000 /dev/zero | tr '\\0' x >&2; echo ' the reason' >&2; exit 1");
        await coordinator.LinesAsync("submit", "1", "--max-attempts", "1");
        await coordinator.WeftAsync("wait", "1");
        await Eventually.SeeAsync("it tells", () => Task.FromResult(worker.Errors),
            static errors => errors.Contains("the reason", StringComparison.Ordinal));
    }

    private static string[] WithoutPowers() =>
        Environment.UserName == "root"
            ? ["setpriv", "--bounding-set=-sys_ptrace,-perfmon,-checkpoint_restore,-sys_admin"]
            : [];
}
