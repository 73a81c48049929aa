using System.Diagnostics;
using System.IO.Compression;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>Python in tabs beside Python elsewhere: other submitters', and this machine's own.</summary>
[Collection("Python")]
public sealed class PythonWorkersTests(Chromium chromium)
{
    private static readonly string[] Payloads =
    [
        "7", "-3", "123456789", """["echo",[1.5,null,"é\n",{"a":[]}]]""", """["echo",3.00]""", """["point",2.5]""",
        """["pi",0]""", """["big",123]""", """["text",{"ä":"ö"}]""", """["self",0]""", """["tuple",0]""",
        """["set",0]""", """["nan",0]""", """["exit",3]""", """["exit",65]""", """["none",0]""",
    ];

    [Fact]
    public async Task TheSameScript_GivesTheSameAnswers_InATabAndNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Content Security Policy";
        var submitter = new Submitter(coordinator.Wire);
        var module = await PythonTab.PushAsync(submitter, await PythonTab.ReadAsync());
        using var native = Process.Start(WeftBinary.Describe(coordinator.Folder,
            "worker", "--python", "--queue", "native", "--url", coordinator.Address.ToString()))!;
        await profile.StartWorkerAsync("?queue=tab", cores: 1);
        try
        {
            await PythonTab.WarmUpAsync(submitter, module, "tab");
            const string run = """{"args":["x"],"env":{"COLOUR":"blue"}}""";
            var inTab = await submitter.SubmitManyAsync(module, Payloads, run: run, queue: "tab");
            var natively = await submitter.SubmitManyAsync(module, Payloads, run: run, queue: "native");
            for (var i = 0; i < Payloads.Length; i++)
            {
                Assert.Equal((Payloads[i], Comparable(await submitter.FinishAsync(inTab[i]))),
                    (Payloads[i], Comparable(await submitter.FinishAsync(natively[i]))));
            }
        }
        finally
        {
            native.Kill(entireProcessTree: true);
            await native.WaitForExitAsync(CancellationToken.None);
        }

        profile.AssertQuiet();
    }

    [Fact]
    public async Task AZippedFolder_WithPackages_GivesTheSameAnswer_InATabAndNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Content Security Policy";
        var submitter = new Submitter(coordinator.Wire);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "task.py", "import os, shapes.circle, tiny\nfrom importlib import resources\n\ndef task(r):\n" +
                "    name = resources.files('shapes').joinpath('name.txt').read_text()\n" +
                "    return [shapes.circle.area(r), name, tiny.NAME]\n");
            Add(zip, "shapes/__init__.py", "");
            Add(zip, "shapes/name.txt", "circle");
            Add(zip, "shapes/circle.py", "def area(r):\n    return 3 * r * r / (r != 0)\n");
        }
        var module = await submitter.PushAsync(bytes.ToArray(), "application/zip");
        await PythonPackages.AddAsync(coordinator, "tiny-1.0-py3-none-any.whl", ["deep>=2"],
            ("tiny/__init__.py", "import deep, os\nNAME = deep.read(os.path.join(os.path.dirname(__file__), 'n'))\n"),
            ("tiny/n", "tiny"));
        await PythonPackages.AddAsync(coordinator, "deep-2.0-py3-none-any.whl", [],
            ("deep-2.0.data/purelib/deep.py", "def read(path): return open(path).read()\n"));
        const string Run = """{"packages":["tiny"]}""";
        using var native = Process.Start(WeftBinary.Describe(coordinator.Folder,
            "worker", "--python", "--queue", "native", "--url", coordinator.Address.ToString()))!;
        await profile.StartWorkerAsync("?queue=tab", cores: 1);
        try
        {
            await PythonTab.WarmUpAsync(submitter, module, "tab", Run);
            await PythonTab.WarmUpAsync(submitter, module, "native", Run);
            // Without its packages.
            var without = await submitter.FinishAsync(
                await submitter.SubmitAsync(module, "2", more: ",\"queue\":\"native\""));
            Assert.StartsWith("ModuleNotFoundError: No module named 'tiny'\n", without.Error, StringComparison.Ordinal);
            foreach (var queue in (string[])["tab", "native"])
            {
                var ids = await submitter.SubmitManyAsync(module, ["2", "0"], run: Run, queue: queue);
                Assert.Equal(new("completed", """[12.0,"circle","tiny"]""", null), await submitter.FinishAsync(ids[0]));
                var failed = await submitter.FinishAsync(ids[1]);
                Assert.StartsWith("ZeroDivisionError: ", failed.Error, StringComparison.Ordinal);
                Assert.Contains("  File \"shapes/circle.py\", line 2, in area\n", failed.Error,
                    StringComparison.Ordinal);
            }
        }
        finally
        {
            native.Kill(entireProcessTree: true);
            await native.WaitForExitAsync(CancellationToken.None);
        }
        profile.AssertQuiet();
    }

    private static void Add(ZipArchive zip, string name, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }

    [Fact]
    public async Task WhatOneSubmittersTaskLeavesInTheInterpreter_NoOthersTaskFinds()
    {
        await using var coordinator = await Tokens.StartAsync("--allow-python-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Content Security Policy";
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        using var ada = new Wire(coordinator.Address, (await Tokens.CreateAsync(admin, "submit")).Token);
        using var ben = new Wire(coordinator.Address, (await Tokens.CreateAsync(admin, "submit")).Token);
        var (ofAda, ofBen) = (new Submitter(ada), new Submitter(ben));
        var script = await PythonTab.ReadAsync();
        var module = await PythonTab.PushAsync(ofAda, script);
        await PythonTab.PushAsync(ofBen, script);
        await profile.StartWorkerAsync($"#token={Tokens.Worker(coordinator)}", cores: 1);

        await PythonTab.WarmUpAsync(ofAda, module, "default");
        Assert.Equal("""[["ada"],[]]""", await LeftAsync(ofAda, module, "ada"));
        Assert.Equal("""[["more"],["ada"]]""", await LeftAsync(ofAda, module, "more"));
        Assert.Equal("""[["ben"],[]]""", await LeftAsync(ofBen, module, "ben"));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ADamagedSnapshot_IsReplaced_AndTasksRunAllTheSame()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Content Security Policy";
        var submitter = new Submitter(coordinator.Wire);
        var module = await PythonTab.PushAsync(submitter, "import random\ndef task(n): return random.random()");
        var page = await profile.StartWorkerAsync(cores: 1);
        await PythonTab.WarmUpAsync(submitter, module, "default");
        await Eventually.SeeAsync("a snapshot is kept", () => page.EvaluateAsync<int>(SnapshotKept), kept => kept == 0);

        await page.EvaluateAsync(Damage);
        await page.ReloadAsync();
        await page.ClickAsync("#toggle");
        await PythonTab.WarmUpAsync(submitter, module, "default");
        await Eventually.SeeAsync("another is kept", () => page.EvaluateAsync<int>(SnapshotKept), kept => kept == 0);

        // What starts from it draws other numbers.
        var first = (await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"))).Result;
        await page.ReloadAsync();
        await page.ClickAsync("#toggle");
        await PythonTab.WarmUpAsync(submitter, module, "default");
        Assert.NotEqual(first, (await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"))).Result);
        profile.AssertQuiet();
    }

    // Opened only where it is there: whoever opens it first makes it.
    private const string Kept = """
        const use = async (mode, ask) => {
          if (!(await indexedDB.databases()).some(({ name }) => name === 'weft-python')) return undefined;
          const done = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const database = await done(indexedDB.open('weft-python'));
          try {
            return await done(ask(database.transaction('snapshots', mode).objectStore('snapshots')));
          } finally {
            database.close();
          }
        };
        """;

    // -1: there is none; 255: it is the damaged one; 0: a sound one.
    private const string SnapshotKept = $$"""
        async () => {
          {{Kept}}
          const all = await use('readonly', (store) => store.getAll()) ?? [];
          return all.length === 0 ? -1 : all[0].length === 1000 ? 255 : 0;
        }
        """;

    private const string Damage = $$"""
        async () => {
          {{Kept}}
          const [version] = await use('readonly', (store) => store.getAllKeys());
          await use('readwrite', (store) => store.put(new Uint8Array(1000).fill(255), version));
        }
        """;

    private static async Task<string?> LeftAsync(Submitter submitter, string module, string text) =>
        (await submitter.FinishAsync(await submitter.SubmitAsync(module, $"""["left","{text}"]"""))).Result;

    // Their queues differ, and what else a traceback has may differ from version to version.
    private static (string, string?, string?) Comparable(Finished finished) => (finished.State,
        finished.Result?.Replace("\"native\"", "\"tab\"", StringComparison.Ordinal), finished.Error?.Split('\n')[0]);
}
