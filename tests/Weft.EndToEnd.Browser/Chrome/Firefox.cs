using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// Debian's Firefox, or what <c>WEFT_FIREFOX</c> names, with a profile of its own. Playwright drives only a Firefox
/// that it has built itself, so this one is driven by what it speaks by itself: WebDriver BiDi
/// (https://w3c.github.io/webdriver-bidi/). It notes what must never happen, as <see cref="Profile"/> does.
/// </summary>
internal sealed partial class Firefox : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    // What a browser does on its own account would look like our pages talking to strangers.
    private const string Preferences =
        """
        user_pref("app.normandy.enabled", false);
        user_pref("app.update.disabledForTesting", true);
        user_pref("browser.shell.checkDefaultBrowser", false);
        user_pref("datareporting.policy.dataSubmissionEnabled", false);
        user_pref("network.captive-portal-service.enabled", false);
        user_pref("network.connectivity-service.enabled", false);
        user_pref("services.settings.server", "data:,");
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-firefox-");
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode>> asked = [];
    private readonly ConcurrentQueue<string> faults = [];
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource end = new();
    private readonly Uri address;
    private readonly Process process;
    private Task reading = Task.CompletedTask;
    private long lastId;

    private Firefox(Uri address)
    {
        this.address = address;
        File.WriteAllText(Path.Combine(folder.FullName, "user.js"), Preferences);
        var start = Command.Describe(Environment.GetEnvironmentVariable("WEFT_FIREFOX") ?? "firefox-esr",
            folder.FullName,
            ["--headless", "--no-remote", "--profile", folder.FullName, "--remote-debugging-port", "0", "about:blank"]);
        // It doesn't start in somebody else's home.
        start.Environment["HOME"] = folder.FullName;
        process = Process.Start(start)!;
    }

    /// <summary>Starts one, and opens the coordinator's page in its only tab.</summary>
    public static async Task<Firefox> OpenAsync(CoordinatorProcess coordinator, string path)
    {
        var firefox = new Firefox(coordinator.Address);
        try
        {
            await firefox.ConnectAsync(path);
            return firefox;
        }
        catch
        {
            await firefox.DisposeAsync();
            throw;
        }
    }

    public void AssertQuiet() => Assert.Empty(faults);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        await reading;
        socket.Dispose();
        end.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task ConnectAsync(string path)
    {
        var listening = await ListeningAsync().WaitAsync(StartMax, TimeProvider.System);
        await socket.ConnectAsync(new Uri(listening, "session"), end.Token);
        reading = ReadAsync();
        await AskAsync("session.new", """{"capabilities":{}}""");
        var tree = await AskAsync("browsingContext.getTree", "{}");
        var tab = tree["contexts"]![0]!["context"]!.ToJsonString();
        await AskAsync("session.subscribe", """{"events":["log.entryAdded","network.beforeRequestSent"]}""");
        var target = JsonSerializer.Serialize(new Uri(address, path).ToString());
        await AskAsync("browsingContext.navigate", $$"""{"context":{{tab}},"url":{{target}},"wait":"complete"}""");
        var isolated = await AskAsync("script.evaluate",
            $$"""{"expression":"crossOriginIsolated","target":{"context":{{tab}}},"awaitPromise":false}""");
        Assert.True(isolated["result"]!["value"]!.GetValue<bool>(), $"{path} is not cross-origin isolated: {isolated}");
    }

    // It says where on stderr. What it says later is read away, so that it never waits for us.
    private async Task<Uri> ListeningAsync()
    {
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        List<string> said = [];
        while (await process.StandardError.ReadLineAsync(end.Token) is { } line)
        {
            said.Add(line);
            if (Listening().Match(line) is not { Success: true } match) continue;
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return new Uri(match.Value + "/");
        }
        throw new InvalidOperationException($"Firefox ended at its start: {string.Join('\n', said)}");
    }

    private async Task<JsonNode> AskAsync(string method, string parameters)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = $$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}""";
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, true, end.Token);
        return await answer.Task.WaitAsync(StartMax, TimeProvider.System);
    }

    private async Task ReadAsync()
    {
        try
        {
            var portion = new byte[65_536];
            while (true)
            {
                using var message = new MemoryStream();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(portion.AsMemory(), end.Token);
                    message.Write(portion.AsSpan(0, part.Count));
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close) return;
                Take(JsonNode.Parse(message.ToArray())!);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException)
        {
            if (!end.IsCancellationRequested) faults.Enqueue($"Firefox has gone: {ended.Message}");
        }
    }

    private void Take(JsonNode message)
    {
        switch (message["type"]!.GetValue<string>())
        {
            case "success":
                asked[message["id"]!.GetValue<long>()].SetResult(message["result"]!);
                break;
            case "error":
                asked[message["id"]!.GetValue<long>()].SetException(new InvalidOperationException($"{message}"));
                break;
            default:
                Note(message["method"]!.GetValue<string>(), message["params"]!);
                break;
        }
    }

    private void Note(string happened, JsonNode what)
    {
        if (happened == "log.entryAdded")
        {
            if (what["level"]!.GetValue<string>() is "error" or "warn") faults.Enqueue($"Console: {what}");
            return;
        }
        var url = new Uri(what["request"]!["url"]!.GetValue<string>());
        if (url.Scheme is "http" or "https" && url.Authority != address.Authority)
        {
            faults.Enqueue($"A request left the origin: {url}");
        }
    }

    [GeneratedRegex("ws://127.0.0.1:[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
