using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>JavaScript modules: what they get and give, and what they can't reach.</summary>
public sealed class JavaScriptModuleTests : IClassFixture<WorkerTab>
{
    private readonly Chromium chromium;
    private readonly WorkerTab tab;

    // Each attempt is one more way to the coordinator, or to what the page keeps. It gives back those that went well.
    private const string Burglar = """
        export default async (address) => {
          const attempts = {
            fetch: () => fetch(address + 'health'),
            claim: () => fetch(address + 'task/next', { mode: 'no-cors' }),
            script: () => import(address + 'worker/pace.js'),
            classicScript: () => importScripts(address + 'worker/pace.js'),
            socket: () => new Promise((resolve, reject) => {
              const socket = new WebSocket(address.replace('http', 'ws'));
              socket.onopen = resolve;
              socket.onerror = reject;
            }),
            cache: () => caches.keys(),
            database: () => new Promise((resolve, reject) => {
              const request = indexedDB.open('x');
              request.onsuccess = resolve;
              request.onerror = reject;
            }),
            evaluated: () => (0, eval)('1'),
            shader: () => new OffscreenCanvas(8, 8),
            gpu: () => { if (navigator.gpu === undefined) throw new Error('none'); },
          };
          const succeeded = [];
          for (const [name, attempt] of Object.entries(attempts)) {
            try {
              await attempt();
              succeeded.push(name);
            } catch {}
          }
          return { origin: self.origin, succeeded };
        };
        """;

    public JavaScriptModuleTests(Chromium chromium, WorkerTab tab)
    {
        this.chromium = chromium;
        this.tab = tab;
        tab.Profile.ExpectedError = "Content Security Policy";
    }

    [Fact]
    public Task AModule_GetsPayloadAndContext_AndItsResultIsJson() => RunAsync(
        "export default async (payload, { args, env, attempt }) => ({ sum: payload.a + payload.b, args, env: " +
            "env.COLOUR, attempt });",
        """{"a":1,"b":2}""",
        new("completed", """{"sum":3,"args":["x"],"env":"blue","attempt":1}""", null),
        """{"args":["x"],"env":{"COLOUR":"blue"}}""");

    [Fact]
    public Task AnException_FailsTheTask_WithItsText() =>
        RunAsync("export default async () => { throw new RangeError('too far'); };", "1",
            new("dead", null, "RangeError: too far"));

    [Fact]
    public Task ALoopForEver_IsEndedByItsTimeLimit() =>
        RunAsync("export default async () => { for (;;) {} };", "1",
            new("dead", null, "The module ran for longer than 1 s."), """{"timeoutSeconds":1}""");

    [Fact]
    public Task AModule_ThatAnswersForEveryThen_SaysNothingButItsResult() => RunAsync(
        """
        export default async () => {
          Object.defineProperty(Object.prototype, 'then', { configurable: true, get() {
            if (!Object.hasOwn(this, 'result')) return undefined;
            return (done) => done({ error: 'forged', isFinal: true, snapshot: new Uint8Array(8) });
          } });
          return 'told';
        };
        """, "1", new("completed", "\"told\"", null));

    [Fact]
    public Task WithoutADefaultExport_TheTextSaysSo() =>
        RunAsync("export const task = 1;", "1",
            new("dead", null, "TypeError: The module has no function as its default export."));

    [Fact]
    public Task AModule_ReachesNeitherTheCoordinator_NorWhatThePageKeeps() =>
        RunAsync(Burglar, $"\"{tab.Coordinator.Address}\"",
            new("completed", """{"origin":"null","succeeded":[]}""", null));

    [Fact]
    public async Task AModule_DoesNotGoOn_WhenItsTaskIsDone()
    {
        // Of its own: no other module's frame is there.
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushScriptAsync(
            "export default async () => { setInterval(() => {}, 1); return 1; };");
        var page = await profile.StartWorkerAsync();

        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "0"))).Result);

        await Assertions.Expect(page.Locator("iframe.sandbox")).ToHaveCountAsync(0);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AModuleThatCrashesAfterItsTask_FailsNobodyElses()
    {
        var submitter = tab.Submitter;
        const string crash = """
            export default async () => {
              Event.prototype.preventDefault = () => {};
              Object.defineProperty(ErrorEvent.prototype, 'message', { value: null });
              setTimeout(() => { throw new Error('forged'); }, 500);
              return 1;
            };
            """;
        var module = await tab.Submitter.PushScriptAsync(crash);
        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "0"))).Result);

        // On both cores.
        foreach (var id in await submitter.SubmitManyAsync(await submitter.PushAsync("pause"), ["3000", "3000"]))
        {
            Assert.Equal(new("completed", "3000", null), await submitter.FinishAsync(id));
        }
        tab.Profile.AssertQuiet();
    }

    // What comes behind it shows that the tab runs WebAssembly beside.
    private async Task RunAsync(string code, string payload, Finished expected, string run = "{}") =>
        await tab.SeeEndAsync(await tab.Submitter.PushScriptAsync(code), payload, run, expected);
}
