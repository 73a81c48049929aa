using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Weft.Bench.Servers;

namespace Weft.Bench.Browser;

/// <summary>A headless Chromium with a fresh profile. Disposing it ends the process and deletes the profile.</summary>
internal sealed class BrowserProcess : IAsyncDisposable
{
    private const string PortFile = "DevToolsActivePort";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly string[] Flags =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "about:blank",
    ];

    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("weft-bench-browser-");
    private readonly HttpClient http = new();
    private readonly Process process;

    private BrowserProcess(string program) =>
        // Its chatter goes nowhere: an unread pipe would stop it once it is full.
        process =
            Process.Start(new ProcessStartInfo("/bin/sh",
                ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, $"--user-data-dir={profile.FullName}",
                    .. Flags]))!;

    /// <summary>Null where there is none on the path.</summary>
    public static string? Program { get; } =
        Names.Select(Programs.Find).FirstOrDefault(static path => path is not null);

    /// <exception cref="InvalidOperationException">It ended, or did not answer in time.</exception>
    public static async Task<BrowserProcess> StartAsync(CancellationToken stop)
    {
        var browser =
            new BrowserProcess(Program ?? throw new InvalidOperationException("There is no Chromium on the path."));
        try
        {
            browser.http.BaseAddress = new Uri($"http://127.0.0.1:{await browser.PortAsync(stop)}/");
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a tab, and waits until an expression is true in it.</summary>
    public async Task<BrowserTab> OpenAsync(Uri page, string isReady, CancellationToken stop)
    {
        using var response =
            await http.PutAsync($"json/new?{Uri.EscapeDataString(page.ToString())}", content: null, stop);
        var target = await response.EnsureSuccessStatusCode()
            .Content.ReadFromJsonAsync(BrowserJson.Default.DevToolsTarget, stop);
        var tab = await BrowserTab.ConnectAsync(target!.WebSocketDebuggerUrl, stop);
        await tab.WaitAsync(isReady, stop);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        profile.Delete(recursive: true);
    }

    private async Task<int> PortAsync(CancellationToken stop)
    {
        var file = Path.Combine(profile.FullName, PortFile);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (File.Exists(file) && (await File.ReadAllLinesAsync(file, stop)) is [var port, _, ..])
                return int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
            if (process.HasExited)
                throw new InvalidOperationException($"Chromium ended with exit code {process.ExitCode}.");
            if (Stopwatch.GetElapsedTime(started) > StartPatience)
                throw new InvalidOperationException("Chromium did not start in time.");
            await Task.Delay(StartPoll, TimeProvider.System, stop);
        }
    }
}

/// <summary>A tab, as the DevTools protocol describes it.</summary>
internal sealed record DevToolsTarget(string WebSocketDebuggerUrl);

[JsonSerializable(typeof(DevToolsTarget))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BrowserJson : JsonSerializerContext;
