using System.Net;
using System.Text;
using System.Text.Json;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Bounds;

/// <summary>
/// A coordinator with narrow bounds refuses what is past them, with a code, and takes it when there is room again.
/// </summary>
public sealed class BoundsTests : IAsyncLifetime
{
    private const int Room = 400_000;

    private TestStore? _store;
    private Coordinator? _coordinator;
    private HttpClient? _http;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        _coordinator = await Coordinator.StartAsync(new()
        {
            Port = 0,
            Data = _store.Folder,
            Store = _store.Database,
            Bounds = { InFlightBytes = Room, HeldRequests = 1, ResultBytes = 1_000 },
        });
        _http = new() { BaseAddress = _coordinator.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/v1/tasks", "gzip")]
    [InlineData("/api/v1/tasks", "br")]
    [InlineData("/task", "gzip")]
    public async Task APackedBody_IsRefused_AndNothingIsStored(string path, string coding)
    {
        using var content = new StringContent("""{"payload":1}""");
        content.Headers.ContentEncoding.Add(coding);
        using var answer = await _http!.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("Content-Encoding", await TextAsync(answer), StringComparison.Ordinal);
        Assert.Contains("\"totalTasks\":0,",
            await _http.GetStringAsync("/stats", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyPastTheRoom_IsRefused_AndTakenWhenItFits()
    {
        using var refused = await PostAsync("/api/v1/tasks", Task(Room));
        await AssertProblemAsync(refused, 503, "overloaded");
        Assert.NotNull(refused.Headers.RetryAfter);
        // The refused request gives back what it had read so far behind its answer.
        using var taken = await UntilAsync(() => PostAsync("/api/v1/tasks", Task(Room / 2)), HttpStatusCode.Created);
    }

    [Fact]
    public async Task ATaskThatThereIsNoRoomToHandOut_GoesBack_AndUsesUpNoAttempt()
    {
        using var submitted = await PostAsync("/api/v1/tasks", Task(Room / 2));
        Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
        foreach (var _ in (int[])[1, 2])
        {
            using var refused = await PostAsync("/api/v1/tasks/claim", """{"workerId":"w"}""");
            await AssertProblemAsync(refused, 503, "overloaded");
        }

        var task =
            JsonDocument.Parse(await _http!.GetStringAsync("/api/v1/tasks", TestContext.Current.CancellationToken))
                .RootElement.GetProperty("tasks")[0];
        Assert.Equal("ready", task.GetProperty("state").GetString());
        Assert.Equal(0, task.GetProperty("failures").GetInt32());
    }

    [Fact]
    public async Task OneMoreThanMayWait_IsToldToComeLater_ButMayAskWithoutWaiting()
    {
        using var gone = new CancellationTokenSource();
        var first = _http!.GetAsync("/task/next?wait=25", gone.Token);
        using var refused = await UntilAsync(() =>
        {
            // The short one may have come first, and then it was the long one that was refused.
            if (first.IsCompleted) first = _http.GetAsync("/task/next?wait=25", gone.Token);
            return _http.GetAsync("/task/next?wait=0.01", TestContext.Current.CancellationToken);
        }, HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var problem = await PostAsync("/api/v1/tasks/claim", """{"workerId":"w","wait":20}""");
        await AssertProblemAsync(problem, 429, "rate_limited");
        using var atOnce = await _http.GetAsync("/task/next", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, atOnce.StatusCode);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var free =
            await UntilAsync(() => _http.GetAsync("/task/next?wait=0.01", TestContext.Current.CancellationToken),
                HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task AResultPastItsBound_IsRefused_AndTheTaskWaitsForAnother()
    {
        using var submitted = await PostAsync("/task", "{}");
        using var refused = await PostAsync("/task/1/result", $$"""{"result":"{{new string('x', 1_000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        using var taken = await PostAsync("/task/1/result", $$"""{"result":"{{new string('x', 998)}}"}""");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    private static string Task(int bytes) => $$"""{"payload":"{{new string('x', bytes)}}"}""";

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _http!.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> UntilAsync(Func<Task<HttpResponseMessage>> ask,
        HttpStatusCode status)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        for (; ; )
        {
            var answer = await ask();
            if (answer.StatusCode == status) return answer;
            answer.Dispose();
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await TextAsync(answer);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
