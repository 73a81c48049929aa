using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What becomes of modules that behave, and of those that don't, on the worker page.</summary>
public sealed class ModuleOutcomeTests(Chromium chromium, WorkerTab tab) : IClassFixture<WorkerTab>
{
    [Theory]
    [InlineData(""" {"n":12345678901234567890,"text":"naïve \" \\ 漢字","list":[1.50,-0,null]} """)]
    [InlineData("12345678901234567890.10")]
    [InlineData("[]")]
    public Task Echo_GivesJsonBack_AsItWasSubmitted(string payload) =>
        RunAsync("echo", payload.Trim(), new("completed", payload.Trim(), null));

    [Fact]
    public Task Echo_OfAText_IsThatText() =>
        RunAsync("echo", "\"two\\nlines, no JSON\"", new("completed", "\"two\\nlines, no JSON\"", null));

    [Fact]
    public Task AByteOrderMark_IsNotPartOfTheResult() =>
        RunAsync("echo", """ "\ufeff{\"a\":1}" """.Trim(), new("completed", """{"a":1}""", null));

    [Theory]
    [InlineData(63)]
    [InlineData(100)]
    public async Task JsonThatIsTooDeep_FailsTheTask(int depth)
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync("echo");

        var deep = $"\"{new string('[', depth)}{new string(']', depth)}\"";
        var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, deep));
        Assert.Equal("dead", finished.State);
        Assert.Contains("64 levels deep", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task AProduct_IsRight() =>
        RunAsync("matrix", """{"a":[[1,2],[3,4]],"b":[[5,6],[7,8]]}""", new("completed", "[[19,22],[43,50]]", null));

    [Fact]
    public Task AnExitCode_FailsTheTask_WithTheWordsOfItsStderr() =>
        RunAsync("matrix", "[1,2,3]", new("dead", null, "Exit code 2: these are not two square matrices of one size"));

    [Fact]
    public async Task ExitCode65_KillsTheTask_WhateverAttemptsAreLeft()
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync("reject");

        var task = await submitter.SubmitAsync(module, "1", attempts: 3);

        Assert.Equal(new("dead", null, "Exit code 65: no such number"), await submitter.FinishAsync(task));
        Assert.Equal(1, (await submitter.LookAsync(task)).GetProperty("failures").GetInt32());
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public Task ATrap_FailsTheTask_WithTheWordsOfItsStderr() =>
        RunAsync("trap", "1", new("dead", null, "The module trapped: unreachable: about to divide by nothing"));

    [Fact]
    public Task ALoopForEver_IsEndedByItsTimeLimit() =>
        RunAsync("loop", "1", new("dead", null, "The module ran for longer than 1 s."), """{"timeoutSeconds":1}""");

    [Fact]
    public async Task ALoopForEver_BehindQuickTasks_IsTheOneThatItsTimeLimitEnds()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("pause");
        await profile.StartWorkerAsync(cores: 1);
        // The page learns how quick they are, and gives a core many at once.
        foreach (var id in await submitter.SubmitManyAsync(module, Enumerable.Repeat("0", 500)))
        {
            Assert.Equal("0", (await submitter.FinishAsync(id)).Result);
        }

        var ids = await submitter.SubmitManyAsync(module, ["0", "0", "0", "100000", "0", "0", "0"],
            run: """{"timeoutSeconds":4}""");

        foreach (var (i, id) in ids.Index())
        {
            var expected = i == 3
                ? new Finished("dead", null, "The module ran for longer than 4 s.") : new("completed", "0", null);
            Assert.Equal(expected, await submitter.FinishAsync(id));
            Assert.Equal(i == 3 ? 1 : 0, (await submitter.LookAsync(id)).GetProperty("failures").GetInt32());
        }

        profile.AssertQuiet();
    }

    [Fact]
    public Task TenMegabytesOfOutput_AreCutShort() =>
        RunAsync("flood", "1", new("dead", null, "The module’s output is over 8388608 bytes."));

    [Fact]
    public async Task WhoEatsMemory_GetsNoMoreThanItMay()
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync("eat");

        var some = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", """{"memoryMb":16}"""));
        var more = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", """{"memoryMb":64}"""));

        // A megabyte or two are the program's own.
        Assert.Matches("^Exit code 3 \\(it had 1[56]\\.[0-9] of 16 MB of memory\\): no more after 1[3-5] MB$",
            some.Error);
        Assert.Matches("^Exit code 3 \\(it had 6[34]\\.[0-9] of 64 MB of memory\\): no more after 6[0-3] MB$",
            more.Error);
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public Task AModuleThatNeedsMoreMemoryFromTheStart_IsRefusedWithTheFigures() =>
        RunAsync("large", "1",
            new("dead", null, "The module needs 33 MB of memory at the start; this task may use 16 MB."),
            """{"memoryMb":16}""");

    [Fact]
    public async Task ArgumentsAndEnvironment_ComeFromTheTask_AndFixedRunsAreTheSame()
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync("system");

        var fixedRun = """{"args":["one","two"],"env":{"COLOUR":"blue"},"fixed":true}""";
        var first = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", fixedRun));
        var second = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", fixedRun));
        var free = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));

        Assert.Matches(
            "^\\{\"args\":2,\"first\":\"one\",\"colour\":\"blue\",\"year\":2000,\"chance\":[0-9]+,\"file\":0\\}$",
            first.Result);
        Assert.Equal(first, second);
        Assert.Matches("^\\{\"args\":0,\"first\":\"\",\"colour\":\"\",\"year\":20[2-9][0-9],", free.Result);
        Assert.NotEqual(Chance(first), Chance(free));
        tab.Profile.AssertQuiet();
    }

    private static string Chance(Finished task) => task.Result!.Split("chance\":")[1];

    private async Task RunAsync(string name, string payload, Finished expected, string run = "{}") =>
        await tab.SeeEndAsync(await tab.Submitter.PushAsync(name), payload, run, expected);
}
