using System.Globalization;
using System.Text.Json;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// Python tasks in a tab. The coordinator must have Python for browsers beside it: <c>./build.sh</c>, or
/// <c>src/Weft/python/fetch.sh</c>, lays it there.
/// </summary>
[Collection("Python")]
public sealed class PythonModuleTests(PythonTab tab) : IClassFixture<PythonTab>
{
    [Fact]
    public async Task AThousandLines_GiveAThousandRightAnswers()
    {
        var numbers = Enumerable.Range(1, 1_000).Select(Text);
        var ids = await tab.Submitter.SubmitManyAsync(tab.Module, numbers, queue: "tab");
        for (var n = 1; n <= ids.Count; n++)
        {
            Assert.Equal(new("completed", Text(n * n), null), await tab.Submitter.FinishAsync(ids[n - 1]));
        }
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public async Task TheOthersWait_ForTheSnapshotOfTheFirst()
    {
        var page = await tab.Profile.OpenTabAsync("/lab/");
        Assert.Equal("1 2 2", await page.EvaluateAsync<string>(FirstStarts));
        await page.CloseAsync();
    }

    [Theory]
    [InlineData("""["divide",1]""",
        "ZeroDivisionError: division by zero\nIt printed:\nabout to divide\nTraceback (most recent call last):\n  " +
            "File \"task.py\", line ")]
    [InlineData("""["set",0]""", "The result isn't JSON: result['a'][1] is a set, which JSON doesn't have: {2}.")]
    [InlineData("""["nan",0]""", "The result isn't JSON: result[1] is nan, which JSON doesn't have.")]
    [InlineData("""["exhaust",400]""", "MemoryError: \n")]
    [InlineData("[]", "ValueError: not enough values to unpack (expected 2, got 0)\nTraceback")]
    public async Task AFailure_SaysWhatAndWhere(string payload, string error)
    {
        var finished = await tab.RunAsync(payload);
        Assert.Equal("dead", finished.State);
        Assert.StartsWith(error, finished.Error, StringComparison.Ordinal);
        if (!error.StartsWith("Zero", StringComparison.Ordinal)) return;
        // Their lines, and none of ours.
        Assert.Contains("    return argument / 0\n", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("weft_task", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFloodOfPrints_IsBounded_AndItsEndIsKept()
    {
        var finished = await tab.RunAsync("""["flood",20000]""");
        Assert.StartsWith("RuntimeError: after the flood\nIt printed:\nxxxx", finished.Error, StringComparison.Ordinal);
        Assert.InRange(finished.Error!.Length, 1_000, 4_000);
        Assert.EndsWith("RuntimeError: after the flood", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATask_ReachesNeitherNetworkNorJavaScript()
    {
        Assert.Equal(new("completed", "[]", null), await tab.RunAsync($"""["reach","{tab.Coordinator.Address}"]"""));
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public async Task EachTask_HasGlobalsOfItsOwn()
    {
        var first = JsonElement.Parse((await tab.RunAsync("""["left","one"]""")).Result!);
        var second = JsonElement.Parse((await tab.RunAsync("""["left","two"]""")).Result!);
        Assert.Equal(("""["one"]""", """["two"]"""), (first[0].GetRawText(), second[0].GetRawText()));
    }

    [Fact]
    public async Task Progress_IsToldWhileATaskRuns()
    {
        // Told with the heartbeats, a third of the lease apart.
        var id = await tab.Submitter.SubmitAsync(tab.Module, """["tell",80]""", more: ",\"queue\":\"tab\"");
        await Eventually.SeeAsync("progress", () => tab.Submitter.LookAsync(id),
            static task => task.TryGetProperty("progress", out var part) && part.GetDouble() > 0);
        Assert.Equal("80", (await tab.Submitter.FinishAsync(id)).Result);
    }

    [Fact]
    public async Task ASyntaxError_IsFinal_WithLineAndColumn()
    {
        var broken = await PythonTab.PushAsync(tab.Submitter, "def task(n):\n    return n +\n");
        Assert.Equal(
            new("dead", null,
                "SyntaxError: invalid syntax (task.py, line 2, column 15)\n  File \"task.py\", line 2\n" +
                "    return n +\n" +
                "              ^\nSyntaxError: invalid syntax"),
            await tab.RunAsync(broken, "1", "{}", attempts: 3) is var finished
                ? finished with { Error = finished.Error?.TrimEnd() }
                : null);
    }

    [Fact]
    public async Task Files_AreFoundByTheirPaths_AsNatively()
    {
        var module = await PythonTab.PushAsync(tab.Submitter, """
            import os
            def task(n):
                try:
                    open('data/a.txt', 'w')
                except OSError as error:
                    refused = type(error).__name__
                with open('table.bin', 'rb') as table:
                    table.seek(-2, 2)
                    last = list(table.read())
                return [open('data/a.txt').read(), last, sorted(os.listdir('data')), os.path.getsize('data/sub/b.txt')]
            """);
        var run = await TaskFilesTests.PushAsync(tab.Coordinator);
        var expected = $"[\"alpha\",[{699_999 * 7 % 251},{700_000 * 7 % 251}],[\"a.txt\",\"empty\",\"sub\"],4]";
        foreach (var _ in (int[])[1, 2])
        {
            Assert.Equal(new("completed", expected, null), await tab.RunAsync(module, "1", run, 1));
        }
        var without = await tab.RunAsync(module, "1", "{}", 1);
        Assert.StartsWith("FileNotFoundError: ", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACompiledPackage_IsLoaded_AndOneForAnotherPythonSaysSo()
    {
        var code = await PythonPackages.CompileAsync("fast");
        foreach (var version in (string[])["314", "313"])
        {
            var name = $"fast-{version}-cp{version}-cp{version}-pyemscripten_2026_0_wasm32.whl";
            await PythonPackages.AddAsync(tab.Coordinator, name, TestWheel.Zip(
                [("fast.so", code), .. TestWheel.Info(name).Select(static each =>
                    (each.Path, System.Text.Encoding.UTF8.GetBytes(each.Text)))]));
        }
        var module = await PythonTab.PushAsync(tab.Submitter, "import fast\ndef task(n): return fast.square(n)\n");
        Assert.Equal(new("completed", "1524155677489", null),
            await tab.RunAsync(module, "1234567", """{"packages":["fast==314"]}""", 1));
        Assert.Equal(
            new("dead", null,
                "fast-313-cp313-cp313-pyemscripten_2026_0_wasm32.whl is not for Python 3.14, which this worker has."),
            await tab.RunAsync(module, "1", """{"packages":["fast<314"]}""", 3));
    }

    [Fact]
    public async Task ALoopForEver_EndsAtItsTimeout_AndTheTabGoesOn()
    {
        Assert.Equal(new("dead", null, "The module ran for longer than 1 s."),
            await tab.RunAsync("""["spin",0]""", """{"timeoutSeconds":1}"""));
        Assert.Equal("49", (await tab.RunAsync("7")).Result);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A pool of two cores, with interpreters that this script plays: how many are started by three tasks; once the
    // first interpreter has told its snapshot and a result; and by three tasks where there is a snapshot.
    private const string FirstStarts = """
        async () => {
          const { WorkerPool } = await import('/worker/worker-pool.js');
          const starts = [];
          window.postMessage = (order) => { if (order.kind === 'sandbox') starts.push(order); };
          const begin = (files) => {
            starts.length = 0;
            const module = { kind: 'python', key: 'k', code: () => ({ files }),
              keepSnapshot: (snapshot) => { files.snapshot = snapshot; } };
            const ended = Promise.withResolvers();
            const pool = new WorkerPool({ tasksIn: () => 1 }, ended.resolve, () => {});
            pool.resize(2, false);
            for (const id of [1, 2, 3])
              pool.add({ id, module, submitter: '', memoryMb: 1, outMb: 0, fileSet: null, forCompute: () => ({ id }) });
            pool.fill();
            return ended.promise;
          };
          const files = {};
          const first = begin(files);
          const counts = [starts.length];
          starts[0].watch.postMessage({ answers: [{ isReady: true }, { snapshot: new Uint8Array(1) }, { isReady: true },
            { id: 1, milliseconds: 1, result: '1' }] });
          await first;
          await Promise.resolve();
          counts.push(starts.length);
          begin(files);
          counts.push(starts.length);
          return counts.join(' ');
        }
        """;
}
