using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// WebAssembly modules of strangers who want what isn't theirs: what others' tasks bring and leave, the page's own
/// means, more memory than they may have. Each is in <c>Strangers/</c>, as text and as the bytes that wat2wasm makes of
/// it.
/// </summary>
public sealed class StrangersTests(Chromium chromium, WorkerTab tab) : IClassFixture<WorkerTab>
{
    // What the coordinator and the page both say after "The module".
    private static readonly (string Name, string Reason)[] Refused =
    [
        ("prototypes1", "imports \"values\" from \"constructor\"; workers provide only WASI preview 1 " +
            "(wasi_snapshot_preview1)."),
        ("prototypes2", "imports \"keys\" from \"constructor\"; workers provide only WASI preview 1"),
        ("function", "imports \"constructor\" from \"toString\"; workers provide only WASI preview 1"),
        ("object", "imports \"constructor\" from \"__proto__\"; workers provide only WASI preview 1"),
        ("unknown", "imports \"hasOwnProperty\" from \"wasi_snapshot_preview1\", which WASI preview 1 doesn't have."),
        ("valueof", "imports \"proc_exit\" from \"wasi_snapshot_preview1\" as a function of a different type from " +
            "WASI preview 1's."),
        ("threads", "imports its memory, \"memory\" from \"env\", as threads do; build it without threads"),
        ("shared", "memory is shared"),
        ("memories", "has 2 memories; it may have only one."),
        ("tables", "has 17 tables; it may have 16."),
        ("exceptions", "exceptions carry references"),
        ("renamed", "doesn't export a memory"),
        ("reactor", "reactor, a library without _start"),
    ];

    // A module, its payload, and how its task ends.
    private static readonly (string Name, string Payload, Finished End, string Run)[] Boxed =
    [
        // 60,000 bytes from 1,024 on: its own variable twice, and nothing that was there before.
        ("start_leak", "1", new("completed", "\"a=ba=b\"", null), """{"fixed":true,"env":{"a":"b"}}"""),
        ("start_prints", "1", new("completed", "\"hihi\"", null), "{}"),
        ("start_exits", "1", new("dead", null, "Exit code 7"), "{}"),
        ("exit_caught", "1", new("dead", null, "Exit code 3"), "{}"),
        ("fault_caught", "1",
            new("dead", null, "The module trapped: 8 bytes at address 4294967288 are outside its memory"), "{}"),
        ("flood_caught", "1", new("dead", null, "The module’s output is over 8388608 bytes."), "{}"),
        ("thrown", "1", new("dead", null, "The module ended with an uncaught exception"), "{}"),
        ("recursion", "1", new("dead", null, "The module trapped: call stack exhausted"), "{}"),
        ("grows", "1", new("completed", "\"hi\"", null), """{"memoryMb":16}"""),
        ("poll_many", "1", new("completed", "\"hi\"", null), "{}"),
        ("reexports", "1", new("completed", "\"\"", null), "{}"),
        ("high", "\"1234567\"", new("completed", "\"hi\"", null), """{"memoryMb":4096}"""),
        ("descriptors", "1", new("completed", "\"hi\"", null), "{}"),
        ("cpu_time", "1", new("completed", "\"hi\"", null), "{}"),
        ("files", "1", new("dead", null, "The module trapped: unreachable (the task has no files)"), "{}"),
    ];

    [Fact]
    public async Task AModuleThatCantStayInItsBox_IsRefusedAtThePush_AndByThePage()
    {
        foreach (var (name, reason) in Refused)
        {
            var module = WasiModules.Stranger(name);
            Assert.Contains(reason, await tab.Submitter.RefusedAsync(module), StringComparison.Ordinal);
            Assert.Contains(reason, await BoxAsync(tab.Page, module), StringComparison.Ordinal);
        }
    }

    // As if the box had let them through: a compute worker that gets them as they are, and its imports alone.
    [Theory]
    [InlineData("prototypes1")]
    [InlineData("prototypes2")]
    [InlineData("function")]
    [InlineData("object")]
    [InlineData("unknown")]
    public async Task AModuleThatGotPastTheBox_IsRefusedByTheEngine_AndFindsNothingBehindItsImports(string name)
    {
        var page = await tab.Profile.OpenTabAsync("/worker/");

        var outcomes = await page.EvaluateAsync<string[]>(
            """
            async (numbers) => {
              const bytes = Uint8Array.from(numbers);
              const { Wasi } = await import('/worker/wasi.js');
              const found = await WebAssembly.instantiate(bytes, new Wasi().imports).then(() => 'started', String);
              const work = new MessageChannel();
              const task = { id: 1, module: 'm', payload: '1', args: [], environment: {}, fixed: false };
              Object.assign(task, { memoryMb: 16, stdoutBytesMax: 100 });
              const heard = new Promise((resolve, reject) => {
                onmessage = ({ data }) => {
                  for (const outcome of [data].flat()) if (outcome.id === 1) resolve(outcome);
                };
                setTimeout(() => reject(new Error('The worker said nothing.')), 20_000);
              });
              (await import('/worker/compute.js')).serve(work.port1);
              work.port2.postMessage({ key: 'm', module: bytes, start: null });
              work.port2.postMessage({ tasks: [task] });
              return [found, (await heard).error];
            }
            """,
            WasiModules.Stranger(name).Select(static each => (int)each).ToArray());

        Assert.Matches("^(LinkError|TypeError): .*Import #0", outcomes[0]);
        Assert.EndsWith(", which WASI preview 1 doesn't have.", outcomes[1], StringComparison.Ordinal);
        await page.CloseAsync();
    }

    [Fact]
    public async Task InAComputeWorker_BuiltInsCantBeChanged_AndNoTextCanBeRun()
    {
        var page = await tab.Profile.OpenTabAsync("/worker/");

        // Imported behind it, in the same realm: a script of the page's own origin is the only one that gets in.
        var broken = await page.EvaluateAsync<string>(
            """
            async () => {
              const { harden } = await import('/worker/harden.js');
              harden();
              const attempts = {
                setter: () => Object.defineProperty(Object.prototype, 0, { set() {}, configurable: true }),
                method: () => { 'use strict'; Array.prototype.push = () => 0; },
                prototype: () => Object.setPrototypeOf(Object, Array),
                nameless: () => { 'use strict'; Object.getPrototypeOf([][Symbol.iterator]()).next = () => 0; },
                global: () => { 'use strict'; WebAssembly.Instance = 1; },
                namespace: () => { 'use strict'; globalThis.WebAssembly = 1; },
                function: () => (() => 0).constructor('return 1')(),
                generator: () => (function* () {}).constructor('yield 1')(),
                asynchronous: () => (async () => 0).constructor('return 1')(),
                asynchronousGenerator: () => (async function* () {}).constructor('yield 1')(),
                eval: () => (0, globalThis.eval)('1'),
              };
              const broken = [];
              for (const [name, attempt] of Object.entries(attempts)) {
                try {
                  attempt();
                  broken[broken.length] = name;
                } catch {}
              }
              return broken.join();
            }
            """);

        Assert.Equal("", broken);
        await page.CloseAsync();
    }

    [Fact]
    public async Task AModuleThatIsTaken_ReachesItsOwnMemoryAlone_AndHasTheEndThatItDeserves()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var honest = await submitter.PushAsync("echo");
        await profile.StartWorkerAsync(cores: 1);

        foreach (var (name, payload, end, run) in Boxed)
        {
            // What it could find: the same worker has just run a program whose data begin at 1,024.
            const string secret = "\"a secret of somebody else\"";
            Assert.Equal(secret, (await submitter.FinishAsync(await submitter.SubmitAsync(honest, secret))).Result);
            var module = await submitter.PushAsync(WasiModules.Stranger(name), "application/wasm");
            var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, payload, run));
            Assert.Equal((name, end),
                (name, finished with { Result = finished.Result?.Replace("\\u0000", "", StringComparison.Ordinal) }));
        }

        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheEndOfAChattyStderr_IsKept()
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync(WasiModules.Stranger("chatty"), "application/wasm");

        var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));

        Assert.Matches("^The module trapped: unreachable: i(hi){1997}so it$", finished.Error);
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public async Task AModuleThatCanNeverRun_FailsItsTask_WithoutASecondAttempt()
    {
        var submitter = tab.Submitter;
        var module = await submitter.PushAsync("large");

        var task = await submitter.SubmitAsync(module, "1", """{"memoryMb":16}""", attempts: 3);

        Assert.Equal("The module needs 33 MB of memory at the start; this task may use 16 MB.",
            (await submitter.FinishAsync(task)).Error);
        Assert.Equal(1, (await submitter.LookAsync(task)).GetProperty("attempt").GetInt32());
        tab.Profile.AssertQuiet();
    }

    private static Task<string> BoxAsync(IPage page, byte[] module) => page.EvaluateAsync<string>(
        """
        async (bytes) => {
          const { boxed } = await import('/worker/wasm-box.js');
          try {
            boxed(Uint8Array.from(bytes), 64, false);
            return 'taken';
          } catch (refused) {
            return refused.message;
          }
        }
        """,
        module.Select(static each => (int)each).ToArray());
}
