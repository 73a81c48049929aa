using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>What the console shows: how things are, how they were, and what the caller may do.</summary>
public sealed class OverviewTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Overview_CountsWhatHappened_AndSaysWhatNeedsAttention()
    {
        var (queue, stopped) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        await server.SubmitAsync(stopped);
        (await server.PostAsync($"queues/{stopped}/pause", "")).Accepted();
        var id = await server.SubmitAsync(queue, more: ",\"maxAttempts\":1");
        await server.SubmitAsync(queue);
        var (_, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}","error":"no"}""")).Accepted();

        var overview = await SeeAsync(queue, "dead");

        var shown = QueueOf(overview, queue);
        Assert.Equal((1, 1), (Count(shown, "ready"), Count(shown, "dead")));
        Assert.True(overview.GetProperty("ready").GetBoolean());
        Assert.True(overview.GetProperty("perSecond").GetProperty("submitted").GetDouble() > 0);
        Assert.True(overview.GetProperty("perSecond").GetProperty("failed").GetDouble() > 0);
        var attention = overview.GetProperty("attention").EnumerateArray().ToList();
        Assert.Contains(attention, item => Text(item, "code") == "paused" && Text(item, "queue") == stopped);
        Assert.Contains(attention, static item => Text(item, "code") == "dead");
    }

    [Fact]
    public async Task Series_BeginWithWhatIsKnown_AndWindowsAreChecked()
    {
        // Of the second after the first look something is known.
        for (var tries = 0; ; tries++)
        {
            (await server.GetAsync("overview")).Accepted();
            var (step, length) = Shape((await server.GetAsync("series")).Accepted());
            Assert.Equal(1, step);
            if (length > 0)
            {
                Assert.InRange(length, 1, 900);
                break;
            }

            Assert.True(tries < 50, "Nothing is known of the last seconds.");
            await Task.Delay(
                TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(60, Shape((await server.GetAsync("series?window=7d")).Accepted()).Step);
        Assert.Empty((await server.GetAsync("series?queue=never-used")).Accepted().GetProperty("series")
            .EnumerateObject());
        (await server.GetAsync("series?window=2d")).Refused(400, "invalid_request");

        static (double Step, int Length) Shape(JsonElement series) => (
            series.GetProperty("stepSeconds").GetDouble(),
            series.GetProperty("series").GetProperty("completed").GetArrayLength());
    }

    [Fact]
    public async Task AnOpenCoordinator_SaysThatEverybodyMayDoEverything()
    {
        var access = (await server.GetAsync("access")).Accepted();

        Assert.True(access.GetProperty("open").GetBoolean());
        Assert.Equal("admin", Assert.Single(access.GetProperty("scopes").EnumerateArray()).GetString());
    }

    private static JsonElement QueueOf(JsonElement overview, string queue) =>
        overview.GetProperty("queues").EnumerateArray().FirstOrDefault(each => Text(each, "name") == queue);

    private static long Count(JsonElement queue, string state) =>
        queue.GetProperty("counts").GetProperty(state).GetInt64();

    private static string? Text(JsonElement item, string member) =>
        item.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>An overview may be a second old: asks until it shows the queue with a task in the state.</summary>
    private async Task<JsonElement> SeeAsync(string queue, string state)
    {
        for (var tries = 0; ; tries++)
        {
            var overview = (await server.GetAsync("overview")).Accepted();
            var shown = QueueOf(overview, queue);
            if (shown.ValueKind == JsonValueKind.Object && Count(shown, state) > 0) return overview;
            Assert.True(tries < 50, $"The overview doesn't show {queue}: {overview}");
            await Task.Delay(
                TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
