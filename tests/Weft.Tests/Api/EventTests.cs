using System.Net;
using System.Text.Json;
using Weft.Http.Bounds;
using Weft.Tests.Access;

namespace Weft.Tests.Api;

public sealed class EventTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly string _queue = ApiServer.NewQueue();

    [Fact]
    public async Task TheStream_TellsWhatHappens_WithoutPayloadsResultsAndErrors()
    {
        await using var stream = await EventReader.OpenAsync(server.Url, $"events?queue={_queue}");
        Assert.Equal("text/event-stream", stream.MediaType);
        Assert.Equal("no", stream.Header("X-Accel-Buffering"));
        Assert.Equal("no-store", stream.Header("Cache-Control"));
        var id = await server.SubmitAsync(_queue, "\"secret\"", ",\"type\":\"t\"");
        var (_, token) = await server.ClaimOneAsync(_queue);
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":"secret"}"""))
            .Accepted();
        await server.SubmitAsync(ApiServer.NewQueue());
        (await server.PostAsync($"queues/{_queue}/pause", "")).Accepted();

        var events = await stream.ReadAsync(4);
        Assert.Equal(
            ["task.submitted", "task.claimed", "task.completed", "queue.paused"],
            events.Select(static each => each.Name));
        Assert.Equal(["at", "id", "queue", "type"], Members(events[0]));
        Assert.Equal(["at", "id", "queue", "type", "attempt", "workerId", "waitMs"], Members(events[1]));
        Assert.Equal(["at", "id", "queue", "type", "attempt", "workerId", "runMs"], Members(events[2]));
        Assert.Equal(["at", "queue"], Members(events[3]));
        Assert.Equal(id, events[2].Data.GetProperty("id").GetInt64());
        Assert.DoesNotContain("secret", stream.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AStreamThatBreaks_GoesOnAfterTheLastId(bool byHeader)
    {
        string last;
        long first;
        await using (var stream = await EventReader.OpenAsync(server.Url, $"events?queue={_queue}"))
        {
            first = await server.SubmitAsync(_queue);
            last = Assert.Single(await stream.ReadAsync(1)).Id;
        }

        var second = await server.SubmitAsync(_queue);
        await using var next = await EventReader.OpenAsync(
            server.Url, $"events?queue={_queue}{(byHeader ? "" : $"&after={last}")}", byHeader ? last : null);
        Assert.Equal(second, Assert.Single(await next.ReadAsync(1)).Data.GetProperty("id").GetInt64());
        Assert.True(second > first);
    }

    [Fact]
    public async Task AStreamThatBreaksBeforeItsFirstEvent_GoesOnFromItsBegin()
    {
        string begin;
        await using (var stream = await EventReader.OpenAsync(server.Url, $"events?queue={_queue}"))
        {
            begin = await stream.ReadBeginAsync();
        }

        var id = await server.SubmitAsync(_queue);
        await using var next = await EventReader.OpenAsync(server.Url, $"events?queue={_queue}&after={begin}");
        Assert.Equal(id, Assert.Single(await next.ReadAsync(1)).Data.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task AnIdOfAnotherRun_IsAReset()
    {
        await using var stream = await EventReader.OpenAsync(server.Url, $"events?queue={_queue}", "0a0b0c0d-7");
        var reset = Assert.Single(await stream.ReadAsync(1));
        // No place before it: who lost the connection in between would go on from there, and not know.
        Assert.Equal(2, stream.Text.Split("id: ").Length);
        Assert.Equal(("reset", "gap"), (reset.Name, reset.Data.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task AGroupsStream_TellsOfItsTasksAndItsSeal()
    {
        var group = (await server.PostAsync("groups", "")).Accepted(201).GetProperty("id").GetInt64();
        await using var stream = await EventReader.OpenAsync(server.Url, $"events?group={group}&topics=tasks,groups");
        await server.SubmitAsync(_queue);
        var id = await server.SubmitAsync(_queue, more: $",\"group\":{group}");
        (await server.PostAsync($"groups/{group}/seal", "")).Accepted();
        var events = await stream.ReadAsync(2);
        Assert.Equal(["task.submitted", "group.sealed"], events.Select(static each => each.Name));
        Assert.Equal(id, events[0].Data.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task TheStream_TellsOfOperations_AndGoesOnWhereItBroke()
    {
        await server.SubmitAsync(_queue);
        ReadEvent started;
        await using (var stream = await EventReader.OpenAsync(server.Url, "events?topics=operations"))
        {
            var order = $$$"""{"action":"cancel","filter":{"queue":"{{{_queue}}}"}}""";
            (await server.PostAsync("operations", order)).Accepted(202);
            started = Assert.Single(await stream.ReadAsync(1));
        }

        Assert.Equal("operation.started", started.Name);
        Assert.Equal(["at", "operation", "matched", "changed", "refused"], Members(started));
        await using var next = await EventReader.OpenAsync(server.Url, "events?topics=operations", started.Id);
        ReadEvent told;
        do told = Assert.Single(await next.ReadAsync(1));
        while (Operation(told) != Operation(started) || told.Name == "operation.progress");
        Assert.Equal(("operation.done", 1L), (told.Name, told.Data.GetProperty("changed").GetInt64()));

        static long Operation(ReadEvent each) => each.Data.GetProperty("operation").GetInt64();
    }

    [Fact]
    public async Task TheStream_TellsOfWorkersThatCome()
    {
        await using var stream = await EventReader.OpenAsync(server.Url, "events?topics=workers");
        var worker = $"worker-{_queue}";
        var claim = $$"""{"queues":["{{_queue}}"],"workerId":"{{worker}}"}""";
        (await server.PostAsync("tasks/claim", claim)).Accepted();
        (await server.PostAsync("tasks/claim", claim)).Accepted();
        ReadEvent told;
        do told = Assert.Single(await stream.ReadAsync(1));
        while (told.Data.GetProperty("workerId").GetString() != worker);
        Assert.Equal("worker.seen", told.Name);
        Assert.Equal(["at", "workerId"], Members(told));
    }

    [Theory]
    [InlineData("topics=stats", 400, "invalid_request")]
    [InlineData("topics=", 400, "invalid_request")]
    [InlineData("queue=a%20b", 400, "invalid_request")]
    [InlineData("type=", 400, "invalid_request")]
    [InlineData("group=0", 400, "invalid_request")]
    [InlineData("task=-1", 400, "invalid_request")]
    [InlineData("task=9223372036854775808", 400, "invalid_request")]
    [InlineData("group=987654321", 404, "group_not_found")]
    [InlineData("task=987654321", 404, "task_not_found")]
    public async Task AFilterThatMakesNoSense_IsRefused(string query, int status, string code) =>
        (await server.GetAsync($"events?{query}")).Refused(status, code);

    [Fact]
    public async Task Head_OfTheStream_EndsAtOnce_AndHasItsHeaders()
    {
        var head = await server.SendAsync(HttpMethod.Head, "events", null, gone: TestContext.Current.CancellationToken);
        Assert.Equal((200, "text/event-stream", ""),
            (head.Status, head.ContentHeaders.ContentType?.MediaType, head.Text));
    }

    private static IEnumerable<string> Members(ReadEvent each) =>
        each.Data.EnumerateObject().Select(static member => member.Name);
}

/// <summary>What a token may see of what happens.</summary>
public sealed class EventAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task ASubmitter_FollowsItsOwn_AndNothingElse()
    {
        var ((_, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(ada, queue);
        var group = (await server.PostAsync(ada, "groups")).Accepted(201).GetProperty("id").GetInt64();
        (await server.GetAsync(ada, "events")).Refused(400, "invalid_request");
        (await server.GetAsync(ada, $"events?queue={queue}")).Refused(400, "invalid_request");
        (await server.GetAsync(ben, $"events?task={id}")).Refused(404, "task_not_found");
        (await server.GetAsync(ben, $"events?group={group}")).Refused(404, "group_not_found");

        await using var stream = await EventReader.OpenAsync(server.Url, $"events?task={id}", token: ada);
        await server.SubmitAsync(ben, queue);
        (await server.PostAsync(ada, $"tasks/{id}/cancel")).Accepted();
        var told = Assert.Single(await stream.ReadAsync(1));
        Assert.Equal(("task.cancelled", id), (told.Name, told.Data.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task OneToken_LeavesStreamsToTheOthers()
    {
        var ((_, greedy), (_, modest)) = (await server.TokenAsync("read"), await server.TokenAsync("read"));
        var streams = new List<EventReader>();
        try
        {
            for (var i = 0; i < EventFollowers.ClientMax; i++)
                streams.Add(await EventReader.OpenAsync(server.Url, "events", token: greedy));
            Assert.Equal(429, (await server.GetAsync(greedy, "events")).Status);
            streams.Add(await EventReader.OpenAsync(server.Url, "events", token: modest));
        }
        finally
        {
            foreach (var stream in streams) await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task ATokenThatIsRevoked_IsToldNothingMore()
    {
        var (id, reader) = await server.TokenAsync("read");
        var queue = ApiServer.NewQueue();
        await using var stream = await EventReader.OpenAsync(server.Url, $"events?queue={queue}", token: reader);
        (await server.SendAsync(server.Admin, "DELETE", $"tokens/{id}")).Accepted();
        await server.SubmitAsync(server.Admin, queue);
        Assert.Empty(await stream.ReadToEndAsync());
    }
}

/// <summary>One event as it came.</summary>
internal sealed record ReadEvent(string Id, string Name, JsonElement Data);

/// <summary>Reads a stream of events as any client would.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private HttpResponseMessage? _response;
    private StreamReader? _lines;

    /// <summary>All that has come so far.</summary>
    public string Text { get; private set; } = "";

    public string? MediaType => _response!.Content.Headers.ContentType?.MediaType;

    public static async Task<EventReader> OpenAsync(Uri url, string path, string? lastId = null, string? token = null)
    {
        var reader = new EventReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, $"/api/v1/{path}"));
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        var stop = TestContext.Current.CancellationToken;
        reader._response = await reader._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        Assert.Equal(HttpStatusCode.OK, reader._response.StatusCode);
        reader._lines = new(await reader._response.Content.ReadAsStreamAsync(stop));
        return reader;
    }

    public string Header(string name) => string.Join(", ", _response!.Headers.GetValues(name));

    /// <summary>The id that the stream begins with.</summary>
    public async Task<string> ReadBeginAsync() => (await ReadBlockAsync())!.Value.Id;

    /// <summary>So many events, without pings.</summary>
    public async Task<List<ReadEvent>> ReadAsync(int count)
    {
        var events = new List<ReadEvent>();
        while (events.Count < count)
        {
            var block = await ReadBlockAsync() ?? throw new InvalidOperationException($"The stream has ended: {Text}");
            if (block.Event is { } found) events.Add(found);
        }

        return events;
    }

    public async Task<List<ReadEvent>> ReadToEndAsync()
    {
        var events = new List<ReadEvent>();
        while (await ReadBlockAsync() is { } block)
        {
            if (block.Event is { } found) events.Add(found);
        }

        return events;
    }

    public ValueTask DisposeAsync()
    {
        _response?.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(string Id, ReadEvent? Event)?> ReadBlockAsync()
    {
        var (id, name, data) = ("", "", "");
        while (await _lines!.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Text += line + "\n";
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            if (line.Length == 0) return (id, name is "" or "ping" ? null : new(id, name, JsonElement.Parse(data)));
        }

        return null;
    }
}
