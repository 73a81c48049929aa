using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// JavaScript modules of strangers, where the owner allows them: what they leave to others, and what they can keep
/// busy.
/// </summary>
public sealed class StrangersScriptTests(Chromium chromium, WorkerTab tab) : IClassFixture<WorkerTab>
{
    private const string ForLong = """{"timeoutSeconds":3600}""";

    [Theory]
    [InlineData("throw 'x'.repeat(4095) + '😀 tail'", "^x{4095}\uFFFD$")]
    [InlineData("throw 'a half \\ud83d alone'", "^a half \uFFFD alone$")]
    [InlineData("throw { toString() { throw 1; } }", "^It threw a value that can’t be shown\\.$")]
    [InlineData("throw { toString() { return {}; }, valueOf() { return Symbol(); } }",
        "^It threw a value that can’t be shown\\.$")]
    [InlineData("throw null", "^null$")]
    [InlineData("throw 'y'.repeat(50_000_000)", "^y{4096}$")]
    [InlineData("setTimeout(() => { throw new Error('late'); }); return new Promise(() => {})", "late$")]
    [InlineData("return 'z'.repeat(9_000_000)", "^The module’s result is over 8388608 bytes\\.$")]
    public async Task WhateverItThrows_IsTheTasksError(string code, string error)
    {
        var submitter = tab.Submitter;
        var module = await tab.Submitter.PushScriptAsync(
            $"export default (again) => {{ if (again !== 2) {{ {code}; }} return again; }};");

        var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));

        Assert.Equal("dead", finished.State);
        Assert.Matches(error, finished.Error);
        Assert.Equal("2", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "2"))).Result);
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public async Task ItHasNoWayToSpeak_ButItsResultAndItsProgress()
    {
        const string forger = """
            export default async (payload, { progress, env }) => {
              const ways = {
                postMessage: () => postMessage({ id: payload + 1, result: '"forged"' }),
                self: () => self.postMessage({ id: payload + 1, result: '"forged"' }),
                prototype: () => DedicatedWorkerGlobalScope.prototype.postMessage.call(self, { result: '"forged"' }),
                close: () => close(),
                progress: () => progress({ valueOf: () => 'x'.repeat(9) }),
              };
              const open = [];
              for (const [name, way] of Object.entries(ways)) {
                try {
                  way();
                  open.push(name);
                } catch {}
              }
              const names = Object.keys(env).filter((name) => !name.startsWith('WEFT_'));
              return { open, names, proto: env.toString === undefined ? 'lost' : 'kept' };
            };
            """;
        // Of its own: they forge answers by the ids that they guess.
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushScriptAsync(forger);
        await profile.StartWorkerAsync(cores: 1);

        const string run = """{"env":{"__proto__":"x","constructor":"y"}}""";
        var ids =
            new[] { await submitter.SubmitAsync(module, "1", run), await submitter.SubmitAsync(module, "2", run) };

        foreach (var id in ids)
        {
            Assert.Equal("""{"open":["progress"],"names":["__proto__","constructor"],"proto":"kept"}""",
                (await submitter.FinishAsync(id)).Result);
        }
        profile.AssertQuiet();
    }

    // Each keeps on sending, in its own way, through the thread that the page's buttons live on.
    [Theory]
    [InlineData("progress('x'.repeat(1 << 20) + Math.random())")]
    [InlineData("progress(Math.random())")]
    [InlineData("console.error('x'.repeat(1000))")]
    [InlineData("try { postMessage('x'.repeat(1 << 20)); } catch {}")]
    [InlineData("try { reportError(new Error('x')); } catch {}")]
    public async Task WhileItFloodsWhatItCan_ThePagePauses_AndGoesOn(string flood)
    {
        var (submitter, page) = (tab.Submitter, tab.Page);
        var module = await tab.Submitter.PushScriptAsync(
            $"export default (payload, {{ progress }}) => {{ if (payload === 2) return 2; for (;;) {{ {flood}; }} }};");
        var task = await submitter.SubmitAsync(module, "1", ForLong);
        await Assertions.Expect(page.Locator("#running .task").First).ToContainTextAsync($"{task}");

        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=paused]");
        await submitter.SeeAsync(task, "ready");
        Assert.Equal(200, (await tab.Coordinator.Wire.PostAsync($"/api/v1/tasks/{task}/cancel", "")).Status);

        await page.ClickAsync("#toggle");
        Assert.Equal("2", (await submitter.FinishAsync(await submitter.SubmitAsync(module, "2"))).Result);
        tab.Profile.AssertQuiet();
    }

    [Fact]
    public async Task WhatOneSubmittersTaskLeaves_NoOthersTaskFinds()
    {
        const string hoarder =
            "export default (payload) => { globalThis.left ??= []; left.push(payload); return left; };";
        await using var coordinator = await Tokens.StartAsync("--allow-javascript-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        using var ada = new Wire(coordinator.Address, (await Tokens.CreateAsync(admin, "submit")).Token);
        using var ben = new Wire(coordinator.Address, (await Tokens.CreateAsync(admin, "submit")).Token);
        var (ofAda, ofBen) = (new Submitter(ada), new Submitter(ben));
        var module = await ofAda.PushScriptAsync(hoarder);
        await ofBen.PushScriptAsync(hoarder);
        await profile.StartWorkerAsync($"#token={Tokens.Worker(coordinator)}", cores: 1);

        // One by one, each behind one of the other's; then all at once, where the first core's worker is the only one.
        Assert.Equal("[1]", (await ofAda.FinishAsync(await ofAda.SubmitAsync(module, "1"))).Result);
        Assert.Equal("[1,2]", (await ofAda.FinishAsync(await ofAda.SubmitAsync(module, "2"))).Result);
        Assert.Equal("[\"ben\"]", (await ofBen.FinishAsync(await ofBen.SubmitAsync(module, "\"ben\""))).Result);
        Assert.Equal("[3]", (await ofAda.FinishAsync(await ofAda.SubmitAsync(module, "3"))).Result);

        List<(Submitter Whose, long Id)> mixed = [];
        for (var i = 0; i < 20; i++)
        {
            mixed.Add((ofAda, await ofAda.SubmitAsync(module, "0")));
            mixed.Add((ofBen, await ofBen.SubmitAsync(module, "\"ben\"")));
        }

        foreach (var (whose, id) in mixed)
        {
            var finished = await whose.FinishAsync(id);
            Assert.Equal("completed", finished.State);
            Assert.DoesNotContain(whose == ofAda ? "ben" : "0", finished.Result, StringComparison.Ordinal);
        }

        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhatRunsAtTheSameTime_HasNoChannelToAnother()
    {
        const string talker = """
            export default (payload) => new Promise((resolve) => {
              const heard = [];
              const channel = new BroadcastChannel('all');
              channel.onmessage = ({ data }) => heard.push(data);
              const talking = setInterval(() => channel.postMessage(payload), 20);
              setTimeout(() => {
                clearInterval(talking);
                resolve({ heard, origin: self.origin, document: typeof document, parent: typeof parent });
              }, 4_000);
            });
            """;
        var submitter = tab.Submitter;
        var tasks = await submitter.SubmitManyAsync(await tab.Submitter.PushScriptAsync(talker), ["1", "2"]);

        await Assertions.Expect(tab.Page.Locator("#running .task")).ToHaveCountAsync(2);

        foreach (var task in tasks)
        {
            Assert.Equal("""{"heard":[],"origin":"null","document":"undefined","parent":"undefined"}""",
                (await submitter.FinishAsync(task)).Result);
        }
        tab.Profile.AssertQuiet();
    }
}
