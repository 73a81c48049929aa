using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The console: its screens, who sees what, and what strangers can't do to those who look.</summary>
public sealed class ConsoleTests(Chromium chromium)
{
    private const int FirstViewBytesMax = 40_000;
    private const int FirstViewFilesMax = 14;
    private const int WithPlotsBytesMax = 65_000;

    // What it does when it is shown as markup is seen as a request or as a changed title.
    private const string Markup = "<img src=/console/nothing.png onerror=document.title=1><b>bold</b>";

    private static readonly string[] Views =
    [
        "overview", "queues", "queue&name=squares", "queue&name=checked", "tasks", "tasks&state=dead", "task&id=1",
        "groups", "group&id=1", "workers", "modules", "operations", "access", "system",
    ];

    [Fact]
    public async Task EveryView_IsAccessible_InBothThemes_AndFitsAPhone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator, width: 390, height: 844);
        await FillAsync(coordinator);
        var page = await profile.OpenTabAsync("/");

        foreach (var view in Views)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.GotoAsync($"{coordinator.Address}?view={view}");
            await Assertions.Expect(page.Locator("#screen h1")).ToBeVisibleAsync();
            await page.WaitForSelectorAsync("#live[data-state=live]");
            AssertNone(await page.RunAxe(), $"{view}, light");
            // The themes differ by their colours alone.
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            AssertNone(await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") }),
                $"{view}, dark");
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390,
                $"{view} is wider than a phone.");
        }

        profile.AssertQuiet();

        static void AssertNone(AxeResult found, string where)
        {
            var faults = found.Violations.Select(static fault =>
                $"{fault.Id}: {string.Join(" ", fault.Nodes.Select(static node => node.Html))}");
            Assert.True(!faults.Any(), $"{where}: {string.Join("; ", faults)}");
            Assert.NotEmpty(found.Passes);
        }
    }

    [Fact]
    public async Task TheFirstView_IsSmall_AlsoWithPlots()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var sizes = new List<Task<int>>();
        // Of files alone, without answers: one that the next page cuts off has no size, ever.
        profile.Context.Response += (_, response) =>
        {
            if (response.Url.Contains("/api/", StringComparison.Ordinal)) return;
            if (!response.Url.EndsWith("/join/room.json", StringComparison.Ordinal)) sizes.Add(SizeAsync(response));
        };

        // The first time, with what tells how to begin.
        var page = await profile.OpenTabAsync("/");
        await page.WaitForSelectorAsync("#curl");
        Assert.InRange((await Task.WhenAll(sizes.ToArray())).Sum(), 10_000, FirstViewBytesMax);
        Assert.InRange(sizes.Count, 8, FirstViewFilesMax);

        await coordinator.Wire.SubmitAsync("{}");
        sizes.Clear();
        await page.GotoAsync(coordinator.Address.ToString());
        await page.WaitForSelectorAsync(".paper canvas");
        await profile.Context.ClearCookiesAsync();
        Assert.InRange((await Task.WhenAll(sizes.ToArray())).Sum(), 10_000, WithPlotsBytesMax);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhatStrangersWrote_IsShownAsText()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await coordinator.Wire.PostAsync("/api/v1/groups", $$"""{"name":"{{Markup}}"}""");
        await coordinator.Wire.PostAsync(
            "/api/v1/tasks", $$"""{"payload":"{{Markup}}","group":1,"maxAttempts":1}""");
        var claim = await coordinator.Wire.PostAsync("/api/v1/tasks/claim", $$"""{"workerId":"{{Markup}}"}""");
        var lease = claim.Json.GetProperty("tasks")[0].GetProperty("leaseToken").GetString();
        await coordinator.Wire.PostAsync("/api/v1/tasks/1/fail",
            $$"""{"leaseToken":"{{lease}}","error":"{{Markup}}"}""");
        var page = await profile.OpenTabAsync("/");

        foreach (var view in (string[])["overview", "tasks", "task&id=1", "groups", "group&id=1", "workers"])
        {
            await page.GotoAsync($"{coordinator.Address}?view={view}");
            await Assertions.Expect(page.Locator("#screen")).ToContainTextAsync("<b>bold</b>");
            Assert.Equal(0, await page.Locator("#screen img, #screen b").CountAsync());
        }

        profile.AssertQuiet();
    }

    [Fact]
    public async Task AReadToken_HasNoButtonsThatChangeThings_AndASubmitToken_SeesItsOwnTasks()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        using var admin = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        await admin.PostAsync("/api/v1/tasks", """{"payload":1}""");
        var submit = (await Tokens.CreateAsync(admin, "submit")).Token;
        using var submitter = new Wire(coordinator.Address, submit);
        await submitter.PostAsync("/api/v1/tasks", """{"payload":2}""");

        var page =
            await profile.OpenTabAsync($"/?view=task&id=1#token={(await Tokens.CreateAsync(admin, "read")).Token}");
        await Assertions.Expect(page.Locator("#screen h1")).ToContainTextAsync("Task 1");
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Cancel|Retry") }).CountAsync());
        await page.GotoAsync($"{coordinator.Address}?view=access");
        await Assertions.Expect(page.Locator("#screen"))
            .ToContainTextAsync("Only tokens with the scope admin can see this list");

        var own = await profile.OpenTabAsync($"/#token={submit}");
        await Assertions.Expect(own.Locator("#screen h1")).ToHaveTextAsync("Tasks");
        await Assertions.Expect(own.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(own.Locator("tbody tr")).ToContainTextAsync("2");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ATokenIsMade_ShownOnce_AndRevoked_AndSoIsAWebhook()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync($"/?view=access#token={Tokens.Admin(coordinator)}");

        var form = page.GetByRole(AriaRole.Form, new() { Name = "New token" });
        await form.GetByLabel("Name").FillAsync("class 7b");
        await form.GetByLabel("work", new() { Exact = true }).CheckAsync();
        await form.GetByLabel("Queues").FillAsync("squares");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create a token" }).ClickAsync();
        await Assertions.Expect(page.Locator("section.card code").First).ToHaveTextAsync(new Regex("^weft_"));
        await Assertions.Expect(page.Locator("section.card code").Last)
            .ToHaveTextAsync(new Regex("/worker/[?]queue=squares#token=weft_"));
        var row = page.Locator("tbody tr", new() { HasText = "class 7b" });
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the token" }).ClickAsync();

        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("is revoked");

        await page.GetByText("New webhook", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Address").FillAsync("https://weft.invalid/hook");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create a webhook" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("The secret").Locator("code"))
            .ToHaveTextAsync(new Regex("^whsec_"));
        var hook = page.Locator("tbody tr", new() { HasText = "https://weft.invalid/hook" });
        await Assertions.Expect(hook).ToContainTextAsync("task.dead, group.finished");
        await Assertions.Expect(hook).ToContainTextAsync("active");
        await hook.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Webhook 1: ");
        await hook.GetByRole(AriaRole.Link, new() { Name = "Sent" }).ClickAsync();
        await Assertions.Expect(page.Locator("#screen")).ToContainTextAsync("Nothing has been sent yet.");
        await hook.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the webhook" }).ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Webhook 1 is deleted");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task RowsUnderThePointer_StayWhereTheyAre()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        const int rows = 20;
        for (var i = 0; i < rows; i++) await coordinator.Wire.SubmitAsync("{}");
        var page = await profile.OpenTabAsync("/?view=tasks");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(rows);
        // In the middle: what a page that is still being put together adds above moves it by a line.
        await page.Locator("tbody tr").Nth(rows / 2).HoverAsync();

        await coordinator.Wire.SubmitAsync("{}");

        await Assertions.Expect(page.Locator(".waiting")).ToContainTextAsync("1 new");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(rows);
        await page.Locator("h1").HoverAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(rows + 1);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task TheAddressIsTheView_AndBackGoesBack()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await FillAsync(coordinator);
        var page = await profile.OpenTabAsync("/");
        await Assertions.Expect(page.Locator("#screen h1")).ToHaveTextAsync("Overview");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("t");
        await Assertions.Expect(page.Locator("#screen h1")).ToHaveTextAsync("Tasks");
        await page.GetByLabel("State").SelectOptionAsync("dead");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("view=tasks&state=dead"));
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("State")).ToHaveValueAsync("dead");
        await page.GoBackAsync();
        await page.GoBackAsync();

        await Assertions.Expect(page.Locator("#screen h1")).ToHaveTextAsync("Overview");
        profile.AssertQuiet();
    }

    [Fact]
    public async Task ARunThatIsStuck_IsFound_Mended_AndRetried_ByKeyboardAlone()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await FillAsync(coordinator);
        await coordinator.Wire.PostAsync("/api/v1/queues/squares/pause", "");
        var page = await profile.OpenTabAsync("/");

        await TabToAsync(page, "1 task in squares, which is paused");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#screen h1")).ToHaveTextAsync("Queue squares");
        await TabToAsync(page, "Resume");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#outcome")).ToHaveTextAsync("squares is running again.");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("t");
        await TabToAsync(page, "any");
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("state=dead"));
        await TabToAsync(page, "Retry…");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("dialog h2")).ToHaveTextAsync("Retry 1 task?");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Operation 1 has started");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("p");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("finished");
        Assert.Equal("ready",
            (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("state").GetString());
        profile.AssertQuiet();
    }

    /// <summary>Presses Tab until what has the focus begins with the text.</summary>
    private static async Task TabToAsync(IPage page, string text)
    {
        await Assertions.Expect(page.Locator("#screen")).ToContainTextAsync(text);
        for (var tabs = 0; tabs < 100; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("text => document.activeElement.textContent.startsWith(text)", text))
                return;
        }

        Assert.Fail($"Tab never comes to {text}.");
    }

    /// <summary>
    /// Something to see in each view: a group, tasks in several states, workers, and an answer that others contradict.
    /// </summary>
    private static async Task FillAsync(CoordinatorProcess coordinator)
    {
        var wire = coordinator.Wire;
        await wire.PostAsync("/api/v1/groups", """{"name":"run"}""");
        await wire.PostAsync("/api/v1/tasks", """{"payload":{"n":1},"queue":"squares","group":1,"maxAttempts":1}""");
        await wire.PostAsync("/api/v1/tasks", """{"payload":2,"queue":"squares","group":1,"requires":["simd"]}""");
        await wire.PostAsync("/api/v1/tasks", """{"payload":3,"queue":"later","delaySeconds":3600}""");
        var claim = await wire.PostAsync("/api/v1/tasks/claim", """{"workerId":"w1","queues":["squares"]}""");
        var lease = claim.Json.GetProperty("tasks")[0].GetProperty("leaseToken").GetString();
        await wire.PostAsync("/api/v1/tasks/1/fail", $$"""{"leaseToken":"{{lease}}","error":"no such file"}""");
        await CheckAsync(wire, "4", "5", "4", "4");
    }

    /// <summary>A task whose results are checked gets these answers, and another one of them.</summary>
    private static async Task CheckAsync(Wire wire, params string[] answers)
    {
        const string Task = """{"payload":2,"queue":"checked","group":1,"verify":{"apart":"worker"}}""";
        await wire.PostAsync("/api/v1/tasks", Task);
        foreach (var answer in (string[])[.. answers, "again"])
        {
            if (answer == "again") await wire.PostAsync("/api/v1/tasks", Task);
            var key = (await wire.PostAsync("/api/v1/workers", "{}")).Json.GetProperty("workerKey").GetString();
            var claim = await wire.PostAsync("/api/v1/tasks/claim",
                $$"""{"workerId":"w2","queues":["checked"],"workerKey":"{{key}}"}""");
            var task = claim.Json.GetProperty("tasks")[0];
            await wire.PostAsync($"/api/v1/tasks/{task.GetProperty("id")}/complete",
                $$"""{"leaseToken":"{{task.GetProperty("leaseToken")}}","result":{{(answer == "again" ? "4" : answer)}}}""");
        }
    }

    private static async Task<int> SizeAsync(IResponse response)
    {
        var sizes = await response.Request.SizesAsync();
        return sizes.ResponseBodySize + sizes.ResponseHeadersSize;
    }
}
