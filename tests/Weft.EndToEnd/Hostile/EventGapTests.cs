using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

/// <summary>After any gap, who follows events has every one, or has been told by a reset that it hasn't.</summary>
public sealed class EventGapTests
{
    private const string Batch = "/api/v1/tasks/batch";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoseConnectionBreaks_AgainAndAgain_HasEveryEvent()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var follower = new Follower(coordinator.Address);
        await follower.BeginAsync();
        var submitted = new List<long>();
        var cuts = 0;
        for (var round = 0; round < 20; round++)
        {
            submitted.AddRange(await SubmitAsync(coordinator, 40));
            await follower.ReadUntilAsync(submitted[^(1 + round)], cutAfter: 3);
            cuts = follower.Cuts;
        }

        await follower.ReadUntilAsync(submitted[^1]);
        Assert.True(cuts >= 20, $"Only {cuts} cuts.");
        Assert.Equal(submitted, Assert.Single(follower.Runs));
    }

    [Fact]
    public async Task WhoReadsNothingForLong_HasAReset_AndHarmsNobody()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var follower = new Follower(coordinator.Address);
        await follower.BeginAsync();
        var submitted = new List<long>();
        // Far more than the log keeps and all buffers on the way hold.
        for (var i = 0; i < 120; i++) submitted.AddRange(await SubmitAsync(coordinator, 1_000));
        Assert.Equal(200, (await coordinator.Wire.GetAsync("/health")).Status);
        Assert.True(coordinator.ResidentBytes < 400 << 20, $"{coordinator.ResidentBytes} bytes");

        // What was left out ends with a reset, or with some where much is; from then on there is all.
        await follower.ReadResetAsync();
        do
        {
            submitted.AddRange(await SubmitAsync(coordinator, 1));
            await follower.ReadUntilAsync(submitted[^1]);
        }
        while (follower.Runs[^1] is not [.., var last] || last != submitted[^1]);
        follower.AssertWhole(submitted);
    }

    [Fact]
    public async Task WhoseCoordinatorIsKilled_HasEveryEvent_OrAReset()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var follower = new Follower(coordinator.Address);
        await follower.BeginAsync();
        var submitted = new List<long>();
        for (var kill = 0; kill < 3; kill++)
        {
            submitted.AddRange(await SubmitAsync(coordinator, 50));
            await follower.ReadUntilAsync(submitted[^(kill * 20 + 1)]);
            await coordinator.KillAsync();
            await coordinator.StartAsync();
            await follower.ReadResetAsync();
        }

        submitted.AddRange(await SubmitAsync(coordinator, 50));
        await follower.ReadUntilAsync(submitted[^1]);
        Assert.Equal(4, follower.Runs.Count);
        follower.AssertWhole(submitted);
    }

    private static async Task<IEnumerable<long>> SubmitAsync(CoordinatorProcess coordinator, int count)
    {
        var tasks = string.Join(',', Enumerable.Repeat("""{"queue":"squares","payload":1}""", count));
        var answer = await coordinator.Wire.PostAsync(Batch, $$"""{"tasks":[{{tasks}}]}""");
        Assert.True(answer.Status == 200, answer.ToString());
        return [.. answer.Json.GetProperty("outcomes").EnumerateArray().Select(static outcome =>
            outcome.GetProperty("id").GetInt64())];
    }

    /// <summary>Follows the events of one queue, and comes back with the last id whenever its stream ends.</summary>
    private sealed class Follower(Uri address) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
        private HttpResponseMessage? _answer;
        private StreamReader? _lines;
        private string? _last;

        /// <summary>The tasks of which it was told, anew after each reset.</summary>
        public List<List<long>> Runs { get; } = [[]];

        public int Cuts { get; private set; }

        /// <summary>Connects; what happens from now on is told.</summary>
        public async Task BeginAsync()
        {
            await ConnectAsync();
            while (_last is null) await ReadBlockAsync();
        }

        /// <param name="task">Reads until it is told of this one, or that some are missing.</param>
        /// <param name="cutAfter">Connections end after so many events; 0: they don't.</param>
        public async Task ReadUntilAsync(long task, int cutAfter = 0)
        {
            var runs = Runs.Count;
            for (var read = 0; Runs.Count == runs && (Runs[^1].Count == 0 || Runs[^1][^1] < task);)
            {
                if (!await ReadBlockAsync() || (cutAfter > 0 && ++read % cutAfter == 0)) await CutAsync();
            }
        }

        public async Task ReadResetAsync()
        {
            var runs = Runs.Count;
            while (Runs.Count == runs)
            {
                if (!await ReadBlockAsync()) await CutAsync();
            }
        }

        /// <summary>Nothing is missing but where a reset says so.</summary>
        public void AssertWhole(List<long> submitted)
        {
            Assert.All(Runs.Where(static run => run.Count > 0), run =>
                Assert.Equal(submitted.SkipWhile(id => id < run[0]).TakeWhile(id => id <= run[^1]), run));
            // On a fast machine the reset may come before anything else.
            if (Runs[0].Count > 0) Assert.Equal(submitted[0], Runs[0][0]);
            Assert.Equal(submitted[^1], Runs[^1][^1]);
        }

        public void Dispose()
        {
            _answer?.Dispose();
            _http.Dispose();
        }

        /// <summary>Little is on its way to a client that doesn't read.</summary>
        private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context,
            CancellationToken stop)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096, NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }

        private async Task CutAsync()
        {
            Cuts++;
            _answer?.Dispose();
            await ConnectAsync();
        }

        private async Task ConnectAsync()
        {
            // Streams that were cut count until the coordinator has noticed.
            await Eventually.SeeAsync("there is room for one more stream", AskAsync,
                static status => status != HttpStatusCode.TooManyRequests);
            Assert.True(_answer!.IsSuccessStatusCode, $"{_answer.StatusCode}");
            _lines = new(await _answer.Content.ReadAsStreamAsync(Stop));
        }

        private async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(address, "/api/v1/events?queue=squares&topics=tasks"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            if (_last is not null) request.Headers.Add("Last-Event-ID", _last);
            _answer?.Dispose();
            _answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            return _answer.StatusCode;
        }

        /// <returns>False: the stream has ended.</returns>
        private async Task<bool> ReadBlockAsync()
        {
            var (id, name, data) = ("", "", "");
            try
            {
                while (await _lines!.ReadLineAsync(Stop) is { } line)
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                    if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                    if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                    if (line.Length > 0) continue;
                    Take(id, name, data);
                    return true;
                }
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                // The coordinator was killed, or has cut off who was too slow.
            }

            return false;
        }

        private void Take(string id, string name, string data)
        {
            if (id.Length > 0) _last = id;
            if (name == "reset") Runs.Add([]);
            else if (name == "task.submitted")
            {
                Runs[^1].Add(JsonElement.Parse(data).GetProperty("id").GetInt64());
            }
        }
    }
}
