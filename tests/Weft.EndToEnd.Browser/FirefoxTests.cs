using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// The worker page in Firefox: what it computes, and that <c>fixed</c> gives the bytes of all others.
/// </summary>
[Collection("Python")]
public sealed class FirefoxTests(Chromium chromium)
{
    // A module, its payload, and its run without "fixed".
    private static readonly (string Name, string Payload, string Run)[] Fixed =
    [
        ("nan", "1", ""),
        ("eat", "1", "\"memoryMb\":64,"),
        ("system", "1", "\"args\":[\"one\",\"two\"],\"env\":{\"COLOUR\":\"blue\"},"),
        ("echo", """{"n":12345678901234567890,"text":"naïve \" \\ 漢字","list":[1.50,-0,null]}""", ""),
        ("matrix", """{"a":[[1,2],[3,4]],"b":[[5,6],[7,8]]}""", ""),
        ("letters", "1", ""),
        ("reject", "1", ""),
        ("flood", "1", ""),
    ];

    private static readonly (string Name, string Payload, string Run)[] FixedStrangers =
    [
        ("start_leak", "1", "\"env\":{\"a\":\"b\"},"),
        ("grows", "1", "\"memoryMb\":16,"),
        ("poll_many", "1", ""),
        ("descriptors", "1", ""),
        ("cpu_time", "1", ""),
    ];

    [Fact]
    public async Task FixedRuns_GiveTheSameBytes_InFirefox_InChromium_AndNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await using var native = new NativeWorker(coordinator, "--queue", "native");
        var submitter = new Submitter(coordinator.Wire);
        string[] queues = ["firefox", "chromium", "native"];
        List<(string Name, long[] Ids)> tasks = [];
        foreach (var (name, payload, run) in Fixed.Concat(FixedStrangers))
        {
            var module = FixedStrangers.Any(each => each.Name == name)
                ? await submitter.PushAsync(WasiModules.Stranger(name), "application/wasm")
                : await submitter.PushAsync(name);
            var ids = new long[queues.Length];
            for (var at = 0; at < ids.Length; at++)
            {
                ids[at] = await submitter.SubmitAsync(module, payload, $$"""{{{run}}"fixed":true}""",
                    $",\"queue\":\"{queues[at]}\"");
            }
            tasks.Add((name, ids));
        }

        await using var firefox = await Firefox.OpenAsync(coordinator, "/worker/?queue=firefox&start=1&cores=2");
        await profile.StartWorkerAsync("?queue=chromium");

        foreach (var (name, ids) in tasks)
        {
            var inFirefox = (name, await submitter.FinishAsync(ids[0]));
            Assert.Equal((name, await submitter.FinishAsync(ids[1])), inFirefox);
            Assert.Equal((name, await submitter.FinishAsync(ids[2])), inFirefox);
        }
        firefox.AssertQuiet();
    }

    [Fact]
    public async Task ATab_DoesTasksWithModulesAndInPython()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var submitter = new Submitter(coordinator.Wire);
        var echo = await submitter.PushAsync("echo");
        var script = await PythonTab.PushAsync(submitter, "def task(n):\n    return [n * n, 2 ** 70]\n");
        await using var firefox = await Firefox.OpenAsync(coordinator, "/worker/?start=1&cores=2");

        var many = await submitter.SubmitManyAsync(echo, Enumerable.Range(0, 300).Select(static n => $"{n}"));
        await PythonTab.WarmUpAsync(submitter, script, "default");
        var python = await submitter.SubmitAsync(script, "12");

        for (var n = 0; n < many.Count; n++)
        {
            Assert.Equal(new("completed", $"{n}", null), await submitter.FinishAsync(many[n]));
        }
        Assert.Equal(new("completed", "[144,1180591620717411303424]", null), await submitter.FinishAsync(python));
        firefox.AssertQuiet();
    }
}
