using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// A room of browsers (<c>weft serve --lab</c>), on a second host name: what they are told before they trust its CA,
/// and what they have afterwards.
/// </summary>
public sealed partial class RoomTests(Chromium chromium) : IAsyncLifetime
{
    private const string Host = "room.test";
    private const int Tasks = 300;
    private const int Pages = 3;
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("weft-home-");
    private CoordinatorProcess coordinator = null!;
    private string link = "";

    public async ValueTask InitializeAsync()
    {
        coordinator =
            await CoordinatorProcess.StartNewAsync("--lab", "--host", "127.0.0.1", "--public-name", Host);
        var output = await Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal));
        link = (await File.ReadAllTextAsync(LinkFile().Match(output).Groups[1].Value,
            TestContext.Current.CancellationToken)).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await coordinator.DisposeAsync();
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task ABrowserThatDoesntTrustTheCa_IsToldHow_AndWorksOverPlainHttpAllTheSame()
    {
        await using var browser = await LaunchAsync();
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await page.GotoAsync(link);

        await page.WaitForSelectorAsync("main[data-state=untrusted]");
        await Assertions.Expect(page.Locator("#fingerprint"))
            .ToHaveTextAsync(Fingerprint().Match(coordinator.Output).Groups[1].Value);
        await Assertions.Expect(page.Locator("#systems details[open]")).ToHaveAttributeAsync("data-system", "linux");
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390,
            "The page is wider than a phone.");
        await AssertAccessibleAsync(page);
        await page.ClickAsync("#again");
        await Assertions.Expect(page.Locator("#untrusted")).ToBeVisibleAsync();

        await page.ClickAsync("#plain-join");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        Assert.False(await page.EvaluateAsync<bool>("isSecureContext || crossOriginIsolated"));
    }

    [Fact]
    public async Task BrowsersThatTrustTheCa_JoinByTheLink_Isolated_AndComputeAllTasks()
    {
        await TrustAsync();
        using var wire = new Wire(coordinator.Address, Tokens.Admin(coordinator));
        var submitter = new Submitter(wire);
        var module = await submitter.PushAsync("echo");
        await using var browser = await LaunchAsync();
        // Each in a profile of its own, as on a computer of its own: tabs of one browser share the work of one.
        var pages = await Task.WhenAll(Enumerable.Range(0, Pages).Select(_ => JoinAsync(browser)));

        var ids = await submitter.SubmitManyAsync(module, Enumerable.Range(0, Tasks).Select(static n => $"{n}"));
        var results = new List<string?>();
        foreach (var id in ids) results.Add((await submitter.FinishAsync(id)).Result);
        Assert.Equal(Enumerable.Range(0, Tasks).Select(static n => $"{n}"), results);

        foreach (var page in pages)
        {
            Assert.Equal($"https://{Host}:{coordinator.Port}/worker/", page.Url);
            Assert.True(await page.EvaluateAsync<bool>("isSecureContext && crossOriginIsolated"));
            Assert.Equal("function function", await page.EvaluateAsync<string>(
                "`${typeof navigator.storage.getDirectory} ${typeof caches.open}`"));
        }

        // At least one of them has the module in its cache: asked for without the network, it is there.
        var kept = await Task.WhenAll(pages.Select(page => page.EvaluateAsync<int>("""
            async (path) => (await fetch(path, { cache: 'only-if-cached', mode: 'same-origin',
              headers: { Authorization: `Bearer ${sessionStorage.getItem('weft-worker-token')}` } })
                .catch(() => ({ status: 0 }))).status
            """, $"/api/v1/modules/{module}")));
        Assert.Contains(200, kept);
    }

    // With the lines for every system: each browser sees one of them open.
    private static async Task AssertAccessibleAsync(IPage page)
    {
        await page.EvaluateAsync(
            "document.querySelectorAll('#systems details').forEach((system) => { system.open = true; })");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        AssertNone(await page.RunAxe());
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        AssertNone(await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") }));

        static void AssertNone(AxeResult found)
        {
            Assert.Empty(found.Violations.Select(static fault =>
                $"{fault.Id}: {string.Join(" ", fault.Nodes.Select(static node => node.Html))}"));
            Assert.NotEmpty(found.Passes);
        }
    }

    private async Task<IPage> JoinAsync(IBrowser browser)
    {
        var context = await browser.NewContextAsync();
        context.SetDefaultTimeout((float)Eventually.Max.TotalMilliseconds);
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.ClickAsync("#join");
        await page.Locator("#cores").FillAsync("1");
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting], main[data-state=working]");
        return page;
    }

    // By the page's own line for Linux. Where the store is differs by version: the browser itself makes it.
    private async Task TrustAsync()
    {
        await using var browser = await LaunchAsync();
        var page = await browser.NewPageAsync();
        await page.GotoAsync(link);
        await page.WaitForSelectorAsync("main[data-state=untrusted]");
        using var http = new HttpClient();
        await File.WriteAllBytesAsync(Path.Combine(home.FullName, "weft-room-ca.crt"),
            await http.GetByteArrayAsync(new Uri(coordinator.Address, "/join/weft-room-ca.crt"),
                TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var line = await page.Locator("#linux-shell").TextContentAsync();
        var shell = Command.Describe("sh", home.FullName, ["-c", line!]);
        shell.Environment["HOME"] = home.FullName;
        var result = await Command.RunAsync(shell, Eventually.Max);
        Assert.True(result.Error.Length == 0, $"{line}\n{result}");
    }

    private Task<IBrowser> LaunchAsync() => chromium.LaunchAtAsync(home.FullName,
        $"--host-resolver-rules=MAP {Host} 127.0.0.1");

    [GeneratedRegex("the link is in (.*)")]
    private static partial Regex LinkFile();

    [GeneratedRegex("SHA-256   ([0-9A-F:]+)")]
    private static partial Regex Fingerprint();
}
