using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>
/// A volunteer's page that changes results once it is known, beside two honest ones and a worker of the operator's.
/// </summary>
public sealed class LyingPageTests(Chromium chromium)
{
    private const double MaxWrong = 0.1;
    private const int HonestFirst = 20;
    private const int Wave = 30;
    private const int WavesMax = 40;

    // All of this test is in one network.
    private const string Verify = """{"apart":"worker","maxWrong":0.1,"assumeHostile":0.25}""";

    [Fact]
    public async Task APageThatLies_IsBarredAndAudited_ThePromiseHolds_AndReceiptsSaySo()
    {
        await using var coordinator = await Tokens.StartAsync();
        var work = new VerifiedWork(new(coordinator.Address, Tokens.Admin(coordinator)));
        await work.BeginAsync();
        await using var liar = await Profile.OpenAsync(chromium, coordinator);
        await using var ada = await Profile.OpenAsync(chromium, coordinator);
        await using var ben = await Profile.OpenAsync(chromium, coordinator);
        var (answers, lies) = (0, false);
        await liar.Context.RouteAsync("**/api/v1/tasks/settle", route =>
        {
            var body = JsonNode.Parse(route.Request.PostData!)!;
            foreach (var item in body["items"]?.AsArray() ?? [])
            {
                if (item!["result"] is not { } result) continue;
                answers++;
                var right = result.GetValue<long>();
                if (lies && right % 2 == 0) item["result"] = right + 1_000_000;
            }

            return route.ContinueAsync(new() { PostData = Encoding.UTF8.GetBytes(body.ToJsonString()) });
        });
        foreach (var profile in (Profile[])[liar, ada, ben])
        {
            await profile.StartWorkerAsync($"#token={Tokens.Worker(coordinator)}", cores: 1);
        }

        for (var wave = 0; wave < WavesMax && answers < HonestFirst; wave++) await work.FinishWaveAsync(Wave);
        Assert.True(answers >= HonestFirst, $"The page gave {answers} answers.");

        lies = true;
        await using var native = new NativeWorker(
            coordinator, "--token-file", await work.TrustedTokenAsync(coordinator.Folder), "--concurrency", "1");
        for (var wave = 0; wave < WavesMax && (await work.BarredAsync()).Length == 0; wave++)
        {
            await work.FinishWaveAsync(Wave);
        }

        // Nobody honest is barred, and the liar is called in receipts as it is there.
        var name = Assert.Single(await Eventually.SeeAsync(
            "audits come to rest", work.BarredAsync, static barred => barred.All(static each => !each.IsAudited))).Name;
        var wrong = await work.ReadWrongAsync();
        var promised = MaxWrong * work.Tasks;
        Assert.InRange(wrong.Count, 0, promised + (3.1 * Math.Sqrt(promised)));

        var audited = 0;
        foreach (var (id, receipt) in await work.ReadReceiptsAsync())
        {
            var given = await work.AnswersAsync(id);
            if (Text(given[0], "worker") == name && given.Any(static answer => Text(answer, "role") == "audit"))
            {
                audited++;
            }

            // Nobody stands for what was found wrong, neither at once nor later.
            if (receipt.TryGetProperty("corrected", out _)) Assert.Contains(id, wrong);
            if (!given.Any(answer => Text(answer, "worker") == name && Text(answer, "verdict") == "differed")) continue;
            Assert.DoesNotContain(
                name, receipt.GetProperty("answers").EnumerateArray().Select(static answer => Text(answer, "worker")));
        }

        Assert.True(audited > 0, "Nobody looked again at what was believed of it.");
        foreach (var profile in (Profile[])[liar, ada, ben]) profile.AssertQuiet();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    /// <summary>Tasks of one group whose results are their payloads.</summary>
    private sealed class VerifiedWork(Wire admin)
    {
        private readonly Submitter _submitter = new(admin);
        private readonly Dictionary<long, long> _payloads = [];
        private string _module = "";
        private long _group;

        public int Tasks => _payloads.Count;

        public async Task BeginAsync()
        {
            _module = await _submitter.PushAsync("echo");
            _group = (await admin.PostAsync("/api/v1/groups", "{}")).Json.GetProperty("id").GetInt64();
        }

        public async Task<string> TrustedTokenAsync(string folder)
        {
            var made = await admin.PostAsync("/api/v1/tokens", """{"scopes":["work","trusted"]}""");
            Assert.True(made.Status == 201, $"No token was made: {made}");
            var path = Path.Combine(folder, "trusted-token");
            await File.WriteAllTextAsync(path, made.Json.GetProperty("token").GetString());
            return path;
        }

        public async Task FinishWaveAsync(int count)
        {
            List<long> ids = [];
            for (var i = 0; i < count; i++)
            {
                var payload = _payloads.Count + 1L;
                var id = await _submitter.SubmitAsync(
                    _module, $"{payload}", more: $",\"group\":{_group},\"verify\":{Verify}", attempts: 9);
                _payloads.Add(id, payload);
                ids.Add(id);
            }

            foreach (var id in ids) Assert.Equal("completed", (await _submitter.FinishAsync(id)).State);
        }

        public async Task<(string Name, bool IsAudited)[]> BarredAsync() =>
        [
            .. (await admin.GetAsync("/api/v1/queues/default/verification")).Json.GetProperty("suspects")
                .EnumerateArray().Where(static suspect => suspect.GetProperty("barred").GetBoolean())
                .Select(static suspect =>
                    (suspect.GetProperty("worker").GetString()!, suspect.GetProperty("audited").GetBoolean())),
        ];

        public async Task<JsonElement[]> AnswersAsync(long id) =>
            [.. (await admin.GetAsync($"/api/v1/tasks/{id}/answers")).Json.GetProperty("answers").EnumerateArray()];

        /// <summary>Tasks whose result was told, and is wrong.</summary>
        public async Task<HashSet<long>> ReadWrongAsync()
        {
            HashSet<long> wrong = [];
            foreach (var (id, payload) in _payloads)
            {
                if ((await _submitter.FinishAsync(id)).Result != $"{payload}") wrong.Add(id);
            }

            return wrong;
        }

        public async Task<Dictionary<long, JsonElement>> ReadReceiptsAsync() =>
            (await admin.GetAsync($"/api/v1/groups/{_group}/receipts")).Text
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1)
                .Select(static line => JsonElement.Parse(line))
                .ToDictionary(static line => line.GetProperty("id").GetInt64());
    }
}
