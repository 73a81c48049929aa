using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// A person's browser with any number of tabs. It notes what must never happen, in whichever tab: an error on the
/// console, a request to somebody else, a page that isn't cross-origin isolated. <see cref="AssertQuiet"/> ends a test.
/// </summary>
internal sealed class Profile(IBrowserContext context, Uri address, bool isSecure) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> faults = [];

    public IBrowserContext Context => context;

    /// <summary>What may stand on the console: a coordinator that is away makes a browser say so.</summary>
    public string ExpectedError { set => ExpectedErrors.Add(value); }

    /// <summary>Parts of all that may stand on the console.</summary>
    public List<string> ExpectedErrors { get; } = [];

    /// <param name="front">What the browser speaks with instead of the coordinator itself.</param>
    /// <param name="browser">Instead of the one of all tests.</param>
    public static async Task<Profile> OpenAsync(
        Chromium chromium, CoordinatorProcess coordinator, int width = 1280, int height = 900, bool plainHttp = false,
        Front? front = null, IBrowser? browser = null)
    {
        var context =
            await (browser ?? chromium.Browser)
                .NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout((float)Eventually.Max.TotalMilliseconds);
        var address = plainHttp
            ? new UriBuilder(coordinator.Address) { Host = Chromium.PlainHttpHost }.Uri
            : front?.Address ?? coordinator.Address;
        var profile = new Profile(context, address, isSecure: !plainHttp);
        context.Request += (_, request) => profile.Note(request);
        context.Console += (_, message) => profile.Note(message);
        context.WebError += (_, error) => profile.faults.Enqueue($"Uncaught: {error.Error}");
        return profile;
    }

    /// <summary>Opens a tab, and checks that it is cross-origin isolated.</summary>
    public async Task<IPage> OpenTabAsync(string path)
    {
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(new Uri(address, path).ToString());
        Assert.Equal(200, answer!.Status);
        Assert.True(await page.EvaluateAsync<bool>("crossOriginIsolated") == isSecure,
            $"{path} is {(isSecure ? "not " : "")}cross-origin isolated.");
        return page;
    }

    /// <summary>Opens the worker page and presses Start.</summary>
    /// <param name="query">What follows the page's path in its address.</param>
    public async Task<IPage> StartWorkerAsync(string query = "", int cores = 2)
    {
        var page = await OpenTabAsync("/worker/" + query);
        await page.Locator("#cores").FillAsync($"{cores}");
        await page.ClickAsync("#toggle");
        return page;
    }

    public void AssertQuiet() => Assert.Empty(faults);

    public ValueTask DisposeAsync() => context.DisposeAsync();

    private void Note(IRequest request)
    {
        var url = new Uri(request.Url);
        if (url.Scheme is "data" or "blob") return;
        if (url.Authority != address.Authority) faults.Enqueue($"A request left the origin: {url}");
    }

    private void Note(IConsoleMessage message)
    {
        if (message.Type is not ("error" or "warning")) return;
        if (ExpectedErrors.Exists(expected => message.Text.Contains(expected, StringComparison.Ordinal))) return;
        faults.Enqueue($"Console {message.Type}: {message.Text} ({message.Location})");
    }
}
