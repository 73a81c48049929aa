using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What comes out of a sandbox that a module has taken over: the poller believes nothing of it unchecked.</summary>
public sealed class SandboxedWorkerTests(Chromium chromium)
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

    [Theory]
    [InlineData("[null, 7, 'x', [], {}, new Map()]", "[]")]
    [InlineData("[{ id: '1', result: '2' }, { id: null, result: '2' }, { result: '2' }]", "[]")]
    [InlineData("[{ id: 1, progress: 7 }, { id: 1, progress: NaN }, { id: 1, progress: -1 }]",
        """[{"id":1,"progress":1},{"id":1,"progress":0},{"id":1,"progress":0}]""")]
    [InlineData("[{ id: 1, result: '{}' }]", """[{"id":1,"milliseconds":0,"result":"{}"}]""")]
    [InlineData("""[{ id: 1, result: '1,"forged":2' }, { id: 1, result: 7 }, { id: 1, result: ['2'] }]""",
        """
        [{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."},{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."},{"id":1,"milliseconds":0,"error":"The module’s result is not JSON."}]
        """)]
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
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await profile.Context.RouteAsync("**/worker/test-poller.js", route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Body = Poller,
            Headers = new Dictionary<string, string> { ["Cross-Origin-Embedder-Policy"] = "require-corp" },
        }));
        var page = await profile.OpenTabAsync("/worker/");

        var told = await page.EvaluateAsync<string>(
            """
            (messages) => new Promise((resolve, reject) => {
              const poller = new Worker('/worker/test-poller.js', { type: 'module' });
              poller.onmessage = ({ data }) => resolve(data);
              poller.onerror = () => reject(new Error('The poller could not be loaded.'));
              setTimeout(() => reject(new Error('The poller said nothing.')), 20_000);
              poller.postMessage(messages);
            })
            """, messages);

        Assert.Equal(heard, told);
        profile.AssertQuiet();
    }
}
