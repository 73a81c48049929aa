using System.Diagnostics;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>WebAssembly without a browser: the same answers, the same words, the same bounds.</summary>
public sealed class NativeModuleTests(Chromium chromium)
{
    // A module, its payload, and its run.
    private static readonly (string Name, string Payload, string Run)[] Cases =
    [
        ("echo", """{"n":12345678901234567890,"text":"naïve \" \\ 漢字","list":[1.50,-0,null]}""", "{}"),
        ("echo", "\"two\\nlines, no JSON\"", "{}"),
        ("echo", """ "\ufeff{\"a\":1}" """, "{}"),
        ("matrix", """{"a":[[1,2],[3,4]],"b":[[5,6],[7,8]]}""", "{}"),
        ("matrix", "[1,2,3]", "{}"),
        ("reject", "1", "{}"),
        ("trap", "1", "{}"),
        ("loop", "1", """{"timeoutSeconds":1}"""),
        ("flood", "1", "{}"),
        ("letters", "1", "{}"),
        ("eat", "1", """{"memoryMb":16}"""),
        ("eat", "1", """{"memoryMb":64,"fixed":true}"""),
        ("large", "1", """{"memoryMb":16}"""),
        ("system", "1", """{"args":["one","two"],"env":{"COLOUR":"blue"},"fixed":true}"""),
        ("nan", "1", """{"fixed":true}"""),
    ];

    private static readonly (string Name, string Payload, string Run)[] Strangers =
    [
        ("start_leak", "1", """{"fixed":true,"env":{"a":"b"}}"""),
        ("start_prints", "1", "{}"),
        ("start_exits", "1", "{}"),
        ("recursion", "1", "{}"),
        ("grows", "1", """{"memoryMb":16}"""),
        ("poll_many", "1", "{}"),
        ("reexports", "1", "{}"),
        ("thrown", "1", "{}"),
        ("high", "\"1234567\"", """{"memoryMb":4096}"""),
        ("descriptors", "1", "{}"),
        ("cpu_time", "1", "{}"),
        ("files", "1", "{}"),
        ("chatty", "1", "{}"),
    ];

    [Fact]
    public async Task TheSameModules_GiveTheSameAnswers_InATabAndNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        await using var native = new NativeWorker(coordinator, "--queue", "native");
        await profile.StartWorkerAsync("?queue=tab");
        List<(string Name, long InTab, long Natively)> tasks = [];
        foreach (var (name, payload, run) in Cases)
        {
            tasks.Add(await SubmitAsync(submitter, name, await submitter.PushAsync(name), payload, run));
        }
        foreach (var (name, payload, run) in Strangers)
        {
            var module = await submitter.PushAsync(WasiModules.Stranger(name), "application/wasm");
            tasks.Add(await SubmitAsync(submitter, name, module, payload, run));
        }

        foreach (var (name, inTab, natively) in tasks)
        {
            Assert.Equal((name, await submitter.FinishAsync(inTab)), (name, await submitter.FinishAsync(natively)));
        }
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhatTheEngineDoesntCompile_FailsTheAttempt_AndSaysWhy()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        await using var native = new NativeWorker(coordinator);
        // The exceptions of before WebAssembly 3.0, which browsers keep.
        var module = await submitter.PushAsync(WasiModules.Stranger("exit_caught"), "application/wasm");

        var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));

        Assert.StartsWith("This worker's engine can't compile the module: ", finished.Error,
            StringComparison.Ordinal);
        Assert.Contains("legacy", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProcessThatIsKilled_LosesOneAttempt_AndTheWorkerGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        await using var native = new NativeWorker(coordinator, "--concurrency", "1");
        var loop = await submitter.PushAsync("loop");
        var task = await submitter.SubmitAsync(loop, "1");

        using (var host = Process.GetProcessById(await native.SeeHostAsync())) host.Kill();

        Assert.Equal(new("dead", null, "The module ended its process."), await submitter.FinishAsync(task));
        Assert.Equal(1, (await submitter.LookAsync(task)).GetProperty("failures").GetInt32());
        var echo = await submitter.PushAsync("echo");
        Assert.Equal("2", (await submitter.FinishAsync(await submitter.SubmitAsync(echo, "2"))).Result);
    }

    [Fact]
    public async Task ATaskThatIsCancelled_LosesItsProcess()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        await using var native = new NativeWorker(coordinator, "--lease-seconds", "6");
        var task = await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1");
        var host = await native.SeeHostAsync();

        Assert.Equal(200, (await coordinator.Wire.PostAsync($"/api/v1/tasks/{task}/cancel", "{}")).Status);

        await Eventually.SeeAsync("the process ends", () => Task.FromResult(native.Hosts()),
            hosts => !hosts.Contains(host));
    }

    [Fact]
    public async Task AModulesProcess_HasNothingOfItsWorkers_AndWritesNothing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        await using var native = new NativeWorker(coordinator);
        await submitter.SubmitAsync(await submitter.PushAsync("loop"), "1");
        var host = await native.SeeHostAsync();

        var limits = await Eventually.SeeAsync("the process has closed its walls",
            () => Task.FromResult(NativeWorker.Text(host, "limits")!),
            static limits => Row(limits, "Max file size")[3] == "0");
        Assert.All(NativeWorker.Text(host, "environ")!.Split('\0', StringSplitOptions.RemoveEmptyEntries),
            static line => Assert.StartsWith("DOTNET_", line, StringComparison.Ordinal));
        Assert.Contains("NoNewPrivs:\t1", NativeWorker.Text(host, "status"), StringComparison.Ordinal);
        Assert.Equal("0", Row(limits, "Max core file size")[4]);
        Assert.InRange(long.Parse(Row(limits, "Max address space")[3], null), 1, 1L << 40);
        Assert.Empty(Directory.GetFileSystemEntries($"/proc/{host}/cwd"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new DirectoryInfo(Path.Combine(native.Cache, "weft", "modules")).UnixFileMode);
    }

    [Fact]
    public async Task CodeThatIsDamaged_IsCompiledAnew()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        var echo = await submitter.PushAsync("echo");
        string cache;
        await using (var first = new NativeWorker(coordinator))
        {
            Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(echo, "1"))).Result);
            cache = Path.Combine(first.Cache, "weft", "modules");
        }
        var code = Assert.Single(Directory.GetFiles(cache, "*.cwasm"));
        await File.WriteAllBytesAsync(code,
            (await File.ReadAllBytesAsync(code, TestContext.Current.CancellationToken))[..1_000],
            TestContext.Current.CancellationToken);

        await using var second = new NativeWorker(coordinator);

        var task = await submitter.SubmitAsync(echo, "2");
        Assert.Equal("2", (await submitter.FinishAsync(task)).Result);
        Assert.Equal(0, (await submitter.LookAsync(task)).GetProperty("failures").GetInt32());
    }

    [Fact]
    public async Task WithoutAnEngine_TheWorkerSaysWhatToDo()
    {
        var refused = await WeftBinary.RunAsync("worker", "--modules", "--engine", "/nowhere");
        Assert.Equal(new(1, "",
            "weft: There is no libwasmtime.so in /nowhere, which --modules needs. ./build.sh puts it " +
            "next to the binary as engine/; or name its folder with --engine.\n"), refused);
    }

    private static async Task<(string Name, long InTab, long Natively)> SubmitAsync(
        Submitter submitter, string name, string module, string payload, string run) =>
        (name, await submitter.SubmitAsync(module, payload.Trim(), run, ",\"queue\":\"tab\""),
            await submitter.SubmitAsync(module, payload.Trim(), run, ",\"queue\":\"native\""));

    private static string[] Row(string limits, string name) =>
        limits.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ',
            StringSplitOptions.RemoveEmptyEntries);
}
