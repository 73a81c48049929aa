using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;
using static System.StringComparison;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// Modules live in a process of their own: one that ends it ends no page, and fails nobody's task but its own.
/// </summary>
public sealed class LostProcessTests(Chromium chromium)
{
    private const string Ended =
        "The module crashed its process: it compiles to too much code, or uses too much memory.";

    [Fact]
    public async Task AModuleThatCompilesToTooMuchCode_FailsItsOwnTask_AndTheTabGoesOn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var bomb = await submitter.PushAsync(WasiModules.CompileBomb(), "application/wasm");
        var honest = await submitter.PushAsync("echo");
        var page = await profile.StartWorkerAsync();
        await page.EvaluateAsync(TellBySubmitting, "Its module has crashed its process here before");
        Assert.Equal("1", (await submitter.FinishAsync(await submitter.SubmitAsync(honest, "1"))).Result);

        // Each has one attempt only. This one runs beside the bomb when the process ends, and once more.
        var beside = await submitter.SubmitAsync(await submitter.PushAsync("pause"), "4000");
        await page.WaitForSelectorAsync("#running .task");
        var exploding = await submitter.SubmitAsync(bomb, "1");
        var behind = await submitter.SubmitManyAsync(honest, ["3", "4", "5"]);

        Assert.Equal(new("dead", null, Ended), await submitter.FinishAsync(exploding));
        Assert.Equal("completed", (await submitter.FinishAsync(beside)).State);
        foreach (var id in behind) Assert.Equal("completed", (await submitter.FinishAsync(id)).State);
        // The driver takes the end of a frame's process for the end of the page, so the page is asked by a task.
        Assert.Equal("6", (await submitter.FinishAsync(await submitter.SubmitAsync(honest, "6"))).Result);

        // Once more, alone from the start; and from then on its tasks are for others, and lose no attempt here.
        Assert.Equal(new("dead", null, Ended), await submitter.FinishAsync(await submitter.SubmitAsync(bomb, "7")));
        var refused = await submitter.SubmitManyAsync(bomb, ["8", "9"]);
        foreach (var id in refused)
        {
            var task = await Eventually.SeeAsync("a task is given back", () => submitter.LookAsync(id),
                static task => task.GetProperty("state").GetString() == "scheduled");
            Assert.Equal((1, 0), (task.GetProperty("attempt").GetInt32(), task.GetProperty("failures").GetInt32()));
        }

        Assert.Equal("10", (await submitter.FinishAsync(await submitter.SubmitAsync(honest, "10"))).Result);
        await Eventually.SeeAsync("the page says why", () => coordinator.Wire.GetAsync("/api/v1/tasks?queue=told"),
            static told => told.Json.GetProperty("tasks").GetArrayLength() == 1);
        profile.AssertQuiet();
    }

    // By the page itself: the driver may take the page for gone.
    private const string TellBySubmitting = """
        (words) => new MutationObserver((_, observer) => {
          if (!document.body.textContent.includes(words)) return;
          observer.disconnect();
          const headers = { 'Content-Type': 'application/json' };
          fetch('/api/v1/tasks', { method: 'POST', headers, body: '{"queue":"told","payload":1}' });
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
        """;

    [Fact]
    public async Task ATaskThatRunsForLong_OutlivesWhatEndsItsProcess()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var bomb = await submitter.PushAsync(WasiModules.CompileBomb(), "application/wasm");
        var page = await profile.StartWorkerAsync();
        // Longer than it is run alone.
        var beside = await submitter.SubmitAsync(await submitter.PushAsync("pause"), "12000");
        await page.WaitForSelectorAsync("#running .task");

        var exploding = await submitter.SubmitAsync(bomb, "1");

        Assert.Equal(new("dead", null, Ended), await submitter.FinishAsync(exploding));
        Assert.Equal(new("completed", "12000", null), await submitter.FinishAsync(beside));
        // It may have been given back while another was tried, which uses up none.
        Assert.Equal(0, (await submitter.LookAsync(beside)).GetProperty("failures").GetInt32());
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AProcessThatIsKilled_IsNoticed_AndItsTaskRunsAgain()
    {
        const string waiter = """
            export default async (payload) => {
              if (payload === 1) await new Promise((resolve) => setTimeout(resolve, 10_000));
              return payload;
            };
            """;
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushScriptAsync(waiter);
        var honest = await submitter.PushAsync("echo");
        var page = await profile.StartWorkerAsync();
        Assert.Equal("3", (await submitter.FinishAsync(await submitter.SubmitAsync(honest, "3"))).Result);
        var task = await submitter.SubmitAsync(module, "1");
        await page.WaitForSelectorAsync("#running .task");

        await EndProcessAsync(profile, page.Frames.First(static frame => frame.Url.EndsWith("/sandbox.html", Ordinal)));

        Assert.Equal(new("completed", "1", null), await submitter.FinishAsync(task));
        Assert.Equal("4", (await submitter.FinishAsync(await submitter.SubmitAsync(honest, "4"))).Result);
        profile.AssertQuiet();
    }

    // A session of its own is given only to a frame that has a process of its own.
    private static async Task EndProcessAsync(Profile profile, IFrame frame)
    {
        var session = await profile.Context.NewCDPSessionAsync(frame);
        try
        {
            await session.SendAsync("Page.crash");
        }
        catch (PlaywrightException)
        {
            // There is nobody left to answer.
        }
    }
}
