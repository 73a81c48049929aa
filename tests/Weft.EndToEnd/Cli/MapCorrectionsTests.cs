using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft map</c> among strangers of whom one lies: what it printed and was found wrong, it says.</summary>
public sealed partial class MapCorrectionsTests
{
    private const int Honest = 4;

    [Fact]
    public async Task AResultThatWasFoundWrong_IsNamedAtTheEnd_WithTheRightOne()
    {
        await using var coordinator =
            await CoordinatorProcess.StartNewAsync("--trusted-proxies", "127.0.0.1", "--open");
        using var http = new HttpClient { BaseAddress = coordinator.Address };
        using var map = new MapRunner(coordinator);
        using var running = map.Start("--queue", "squares", "--verify=0.1");
        var output = running.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Stranger[] strangers = [.. Enumerable.Range(1, Honest + 1).Select(n => new Stranger(http, isLiar: n > Honest))];
        var lines = 0;
        await Eventually.SeeAsync("a told lie is found", async () =>
        {
            for (var i = 0; i < 2; i++) await running.StandardInput.WriteLineAsync($"{++lines}");
            await running.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            await WorkAsync(strangers);
            using var found = await http.GetAsync(
                "api/v1/groups/1/corrections", TestContext.Current.CancellationToken);
            if (!found.IsSuccessStatusCode) return 0;
            return (await found.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
                .GetProperty("corrections").GetArrayLength();
        }, static corrections => corrections > 0);
        running.StandardInput.Close();
        await Eventually.SeeAsync("the run is over", async () =>
        {
            await WorkAsync(strangers);
            return running.HasExited;
        }, static isOver => isOver);

        Assert.Equal(6, running.ExitCode);
        var printed = (await output).TrimEnd().Split('\n');
        Assert.Equal(lines, printed.Length);
        var named = Correction().Matches(await error);
        Assert.NotEmpty(named);
        foreach (Match correction in named)
        {
            var line = int.Parse(correction.Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal((-line, line * line), (Number(printed[line - 1]), Number(correction.Groups[2].Value)));
        }

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task WorkAsync(Stranger[] strangers)
    {
        foreach (var stranger in strangers) await stranger.WorkAsync();
    }

    [GeneratedRegex(@"^weft: Line (\d+), task \d+: The printed result was found wrong\. It is: (-?\d+)$",
        RegexOptions.Multiline)]
    private static partial Regex Correction();

    /// <summary>
    /// A worker in a network of its own. The liar is honest at first; once it gets nothing any more, it comes back
    /// under a new name.
    /// </summary>
    private sealed class Stranger(HttpClient http, bool isLiar)
    {
        private const int HonestFirst = 3;
        private const int NothingMax = 10;
        private static int networks;

        private string? key;
        private string address = "";
        private int answers;
        private int nothing;

        public async Task WorkAsync()
        {
            if (isLiar && nothing > NothingMax) (key, answers, nothing) = (null, 0, 0);
            if (key is null)
            {
                address = $"81.7.{Interlocked.Increment(ref networks)}.1";
                key = (await PostAsync("workers", "{}")).GetProperty("workerKey").GetString();
            }

            var claimed = await PostAsync(
                "tasks/claim", $$"""{"workerId":"w","workerKey":"{{key}}","queues":["squares"]}""");
            nothing++;
            foreach (var task in claimed.GetProperty("tasks").EnumerateArray())
            {
                var n = task.GetProperty("payload").GetInt32();
                var result = isLiar && answers++ >= HonestFirst ? -n : n * n;
                await PostAsync($"tasks/{task.GetProperty("id").GetInt64()}/complete",
                    $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":{{result}}}""");
                nothing = 0;
            }
        }

        private async Task<JsonElement> PostAsync(string path, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/{path}")
                { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Forwarded-For", address);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        }
    }
}
