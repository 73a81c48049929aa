using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// The browser of all tests: Debian's Chromium, or what <c>WEFT_CHROMIUM</c> names. Each test has a profile of its own.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    // What a browser does on its own account would look like our pages talking to strangers.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        // A name that is neither localhost nor https: to a browser it is any machine on the network.
        $"--host-resolver-rules=MAP {PlainHttpHost} 127.0.0.1",
    ];

    /// <summary>The coordinator by a name that gives its pages no secure context.</summary>
    public const string PlainHttpHost = "weft.test";

    private IPlaywright? playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Max.TotalMilliseconds);
        playwright = await Playwright.CreateAsync();
        Browser = await LaunchAnotherAsync();
    }

    /// <summary>Another process with flags of its own, for who closes it.</summary>
    public Task<IBrowser> LaunchAnotherAsync(params string[] flags) => LaunchAsync(null, flags);

    /// <summary>The same with a home folder of its own, where it finds whom to trust.</summary>
    public Task<IBrowser> LaunchAtAsync(string home, params string[] flags) => LaunchAsync(home, flags);

    private Task<IBrowser> LaunchAsync(string? home, string[] flags) => playwright!.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("WEFT_CHROMIUM") ?? "/usr/bin/chromium",
        Args = [.. Flags, .. flags.Where(static flag => flag.Length > 0)],
        Env = home is null ? null
            : Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .Where(static variable => (string)variable.Key != "HOME")
                .Select(static variable => KeyValuePair.Create((string)variable.Key, (string)variable.Value!))
                .Append(KeyValuePair.Create("HOME", home)).ToDictionary(),
    });

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright?.Dispose();
    }
}
