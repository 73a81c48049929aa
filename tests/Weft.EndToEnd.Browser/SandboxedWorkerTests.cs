using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// What comes out of a sandbox that a module has taken over: the poller believes nothing of it unchecked.
/// </summary>
public sealed class SandboxedWorkerTests(WorkerTab tab) : IClassFixture<WorkerTab>
{
    // A poller that keeps the sandbox's ports to itself.
    private const string Poller = """
        import { SandboxedWorker } from './sandboxed-worker.js';
        const answer = self.postMessage.bind(self);
        let watch;
        self.postMessage = (message) => { ({ watch } = message); };
        const worker = new SandboxedWorker('wasi');
        const heard = [];
        worker.onMessage = (message) => heard.push(message);
        worker.onFailure = (crash) => heard.push({ crash });
        self.onmessage = ({ data }) => {
          worker.load({ key: 'm', module: new Uint8Array(), start: null });
          watch.postMessage({ answers: 7 });
          watch.postMessage({ answers: [...eval(data), { id: 0, progress: 1 }] });
          worker.onMessage = (message) => message.id === 0 ? answer(JSON.stringify(heard)) : heard.push(message);
        };
        """;

    // Keeps what is taken for an interpreter's memory, from which everybody's interpreters would start.
    private const string SnapshotPoller = """
        import { SandboxedWorker } from './sandboxed-worker.js';
        const answer = self.postMessage.bind(self);
        let watch;
        self.postMessage = (message) => { ({ watch } = message); };
        self.onmessage = ({ data: [kind, messages] }) => {
          const worker = new SandboxedWorker(kind), heard = [];
          worker.onSnapshot = (snapshot) => heard.push(snapshot[0]);
          worker.onMessage = ({ id }) => { if (id === 0) answer(heard); };
          worker.load({ key: 'm', module: new Uint8Array(), start: null });
          watch.postMessage({ answers: [...eval(messages), { id: 0, progress: 1 }] });
        };
        """;

    private const string Snapshot = "{ snapshot: new Uint8Array([7]) }";
    private const string Forged = "{ snapshot: new Uint8Array([9]) }";
    private const string Ready = "{ isReady: true }";

    [Theory]
    [InlineData("python", $"[{Ready}, {Snapshot}, {Forged}, {Ready}, {Forged}]", 7)]
    [InlineData("python", $"[{Ready}, {Ready}, {Forged}]", null)]
    [InlineData("python", $"[{Forged}]", null)]
    [InlineData("javascript", $"[{Ready}, {Forged}]", null)]
    [InlineData("wasi", $"[{Ready}, {Forged}]", null)]
    public async Task ASnapshot_IsTakenOnce_OfAnInterpreterThatHasNoScriptYet(string kind, string messages, int? taken)
    {
        var heard = await (await PageAsync(SnapshotPoller)).EvaluateAsync<int[]>(Ask, new[] { kind, messages });

        int[] expected = taken is { } first ? [first] : [];
        Assert.Equal(expected, heard);
        tab.Profile.AssertQuiet();
    }

    // A worker that its module has taken over, in a real frame: what comes out of the frame's process.
    private const string AskFrame = """
        ([runs, script]) => new Promise((resolve, reject) => {
          const frame = document.createElement('iframe');
          const [work, watch] = [new MessageChannel(), new MessageChannel()];
          const messages = [];
          watch.port1.onmessage = ({ data: { answers, crash } }) => {
            if (crash !== undefined) reject(new Error(crash));
            messages.push(answers);
            watch.port1.postMessage(true);
            if (answers.some(({ id }) => id === 0)) resolve(messages);
          };
          frame.sandbox.add('allow-scripts');
          frame.src = '/worker/sandbox.html';
          frame.onload = () => frame.contentWindow.postMessage(
            { scripts: [['taken-over.js', `export const serve = () => { ${script} };`]], runs }, '*',
            [work.port2, watch.port2]);
          document.body.append(frame);
        }).then(
        """;

    [Theory]
    [InlineData("javascript", "postMessage({ id: 1, result: '2', junk: 'j', isOurs: true, isSpent: 'yes', error: 7 });",
        """[{"id":1,"result":"2"},{"id":0}]""")]
    [InlineData("wasi", "postMessage([[{ id: 2 }], { id: 1, isFinal: true, progress: '7' }, null, 'x']);",
        """[{},{"id":1,"isFinal":true},{},{},{"id":0}]""")]
    [InlineData("javascript", "postMessage({ isReady: true, snapshot: new Uint8Array(1) });",
        """[{"isReady":true},{"id":0}]""")]
    [InlineData("python", "for (const n of [3, 4]) postMessage({ snapshot: new Uint8Array([n]) });",
        """[{"snapshot":{"0":3}},{},{"id":0}]""")]
    public async Task OutOfTheFrame_ComesOnlyWhatThePollerUnderstands(string runs, string script, string told)
    {
        var heard = await tab.Page.EvaluateAsync<string>($"{AskFrame} (messages) => JSON.stringify(messages.flat()))",
            new[] { runs, $"{script} postMessage({{ id: 0 }});" });

        Assert.Equal(told, heard);
    }

    [Fact]
    public async Task OutOfTheFrame_ComesNoMoreThanThePollerTakes()
    {
        var (longest, most) = await LongestAsync("""
            for (const _ of Array(8)) postMessage({ id: 1, result: 'r'.repeat(20 << 20), error: 'e'.repeat(20 << 20) });
            """);

        Assert.Equal((8 << 20) + 1 + 4_096, longest);
        Assert.InRange(most, longest, 3 * longest);
    }

    private async Task<(int LongestAnswer, int LongestMessage)> LongestAsync(string script)
    {
        var lengths = await tab.Page.EvaluateAsync<int[]>($$"""
            {{AskFrame}} (messages) => {
              const chars = ({ result = '', error = '' }) => result.length + error.length;
              return [Math.max(...messages.flat().map(chars)),
                Math.max(...messages.map((answers) => answers.reduce((sum, each) => sum + chars(each), 0)))];
            })
            """, new[] { "javascript", $"{script} postMessage({{ id: 0 }});" });
        return (lengths[0], lengths[1]);
    }

    private const string Ask = """
        (messages) => new Promise((resolve, reject) => {
          const poller = new Worker('/worker/test-poller.js', { type: 'module' });
          poller.onmessage = ({ data }) => resolve(data);
          poller.onerror = () => reject(new Error('The poller could not be loaded.'));
          setTimeout(() => reject(new Error('The poller said nothing.')), 20_000);
          poller.postMessage(messages);
        })
        """;

    [Theory]
    [InlineData("[null, 7, 'x', [], {}, new Map()]", "[]")]
    [InlineData("[{ id: '1', result: '2' }, { id: null, result: '2' }, { result: '2' }]", "[]")]
    [InlineData("[{ id: 1, progress: 7 }, { id: 1, progress: NaN }, { id: 1, progress: -1 }]",
        """[{"id":1,"progress":1},{"id":1,"progress":0},{"id":1,"progress":0}]""")]
    [InlineData("[{ id: 1, result: '{}' }]", """[{"id":1,"milliseconds":0,"result":"{}"}]""")]
    [InlineData("""[{ id: 1, result: '1,"forged":2' }, { id: 1, result: 7 }, { id: 1, result: ['2'] }]""",
        """[{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."},""" +
        """{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."},""" +
        """{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."}]""")]
    [InlineData("[{ id: 1, result: `\"${'x'.repeat(8 << 20)}\"` }]",
        """[{"id":1,"milliseconds":0,"error":"The module’s result is over 8388608 bytes."}]""")]
    [InlineData("[{ id: 1, milliseconds: -1, result: '2' }, { id: 1, milliseconds: NaN, result: '2' }]",
        """[{"id":1,"milliseconds":0,"result":"2"},{"id":1,"milliseconds":0,"result":"2"}]""")]
    [InlineData("[{ id: 1, error: 'e', isFinal: 'yes', isOurs: true }]",
        """[{"id":1,"milliseconds":0,"error":"e","isFinal":false,"isBroken":false}]""")]
    [InlineData("[{ id: 1, result: '2', isSpent: 'yes' }, { id: 1, result: '2', isSpent: true }]",
        """[{"id":1,"milliseconds":0,"result":"2"},{"id":1,"milliseconds":0,"isSpent":true,"result":"2"}]""")]
    // Once for itself, and once for its module: more would put off the end of the task's time.
    [InlineData("[{ isReady: true }, { isReady: true }, { isReady: true }, { isReady: true }]",
        """[{"isReady":true},{"isReady":true}]""")]
    public async Task AMessage_IsCheckedForItsForm(string messages, string heard)
    {
        var told = await (await PageAsync(Poller)).EvaluateAsync<string>(Ask, messages);

        Assert.Equal(heard, told);
        tab.Profile.AssertQuiet();
    }

    // The tab's page, whose origin serves this poller from now on.
    private async Task<IPage> PageAsync(string poller)
    {
        const string address = "**/worker/test-poller.js";
        await tab.Profile.Context.UnrouteAsync(address);
        await tab.Profile.Context.RouteAsync(address, route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Body = poller,
            Headers = new Dictionary<string, string> { ["Cross-Origin-Embedder-Policy"] = "require-corp" },
        }));
        return tab.Page;
    }
}
