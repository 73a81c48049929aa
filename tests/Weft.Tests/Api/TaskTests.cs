namespace Weft.Tests.Api;

public sealed class TaskTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Get_ThatWaits_IsAnsweredWhenTheTaskIsFinished()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        var waiting = server.GetAsync($"tasks/{id}?wait=25");
        var (_, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":[4]}""")).Accepted();
        Assert.Equal("[4]", (await waiting).Accepted().GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task Get_WhoseWaitRunsOut_AnswersTheTaskAsItIs()
    {
        var id = await server.SubmitAsync(ApiServer.NewQueue());
        Assert.Equal("ready",
            (await server.GetAsync($"tasks/{id}?wait=0.01")).Accepted().GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("tasks/0", "id")]
    [InlineData("tasks/-1", "id")]
    [InlineData("tasks/abc", "id")]
    [InlineData("tasks/99999999999999999999", "id")]
    [InlineData("tasks/1?wait=26", "wait")]
    [InlineData("tasks/1?wait=-1", "wait")]
    [InlineData("tasks/1?wait=-Infinity", "wait")]
    [InlineData("tasks/1?wait=NaN", "wait")]
    [InlineData("tasks/1?wait=soon", "wait")]
    [InlineData("tasks?state=pending", "state")]
    [InlineData("tasks?State=pending", "state")]
    [InlineData("tasks?queue=a%20b", "queue")]
    [InlineData("tasks?group=0", "group")]
    [InlineData("tasks?order=random", "order")]
    [InlineData("tasks?type=", "type")]
    [InlineData("tasks?worker=", "worker")]
    [InlineData("tasks?priority=101", "priority")]
    [InlineData("tasks?priority=high", "priority")]
    [InlineData("tasks?submittedAfter=yesterday", "submittedAfter")]
    [InlineData("tasks?submittedBefore=", "submittedBefore")]
    [InlineData("tasks?submittedBefore=%22", "submittedBefore")]
    [InlineData("tasks?finishedAfter=5", "finishedAfter")]
    [InlineData("tasks?finishedBefore=2030-13-01T00:00:00Z", "finishedBefore")]
    [InlineData("tasks?submittedAfter=2030-01-01T00:00:00Z&submittedBefore=2030-01-01T00:00:00Z", "earlier")]
    [InlineData("tasks?finishedAfter=2030-01-02T00:00:00Z&finishedBefore=2030-01-01T00:00:00Z", "earlier")]
    [InlineData("tasks?state=ready&finishedAfter=2030-01-01T00:00:00Z", "finish time")]
    [InlineData("tasks?error=", "error")]
    [InlineData("tasks?payload=", "payload")]
    [InlineData("tasks?limit=0", "limit")]
    [InlineData("tasks?limit=1001", "limit")]
    [InlineData("tasks?after=5", "after")]
    [InlineData("tasks?after=n5", "after")]
    [InlineData("tasks?after=o-5", "after")]
    [InlineData("tasks?after=o5&order=newest", "after")]
    public async Task Read_BadInput_IsRefusedByName(string path, string detail) =>
        Assert.Contains(detail, (await server.GetAsync(path)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("error")]
    [InlineData("payload")]
    [InlineData("type")]
    [InlineData("worker")]
    public async Task Read_OfATextThatIsTooLong_IsRefusedByName(string name) =>
        Assert.Contains(name,
            (await server.GetAsync($"tasks?{name}={new string('x', 257)}")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task List_WithAllFilters_GivesWhatMatches_AndSaysHowFarItLooked()
    {
        var queue = ApiServer.NewQueue();
        var ids = new List<long>();
        foreach (var more in (string[])["", ",\"type\":\"t\",\"priority\":7", ",\"type\":\"t\""])
            ids.Add(await server.SubmitAsync(queue, "\"é 100%\"", more));
        var (_, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{ids[1]}/fail",
            $$"""{"leaseToken":"{{token}}","error":"a & b","retry":false}""")).Accepted();
        var task = await server.TaskAsync(ids[1]);
        var (submitted, finished) =
            (task.GetProperty("submittedAt").GetString()!, task.GetProperty("finishedAt").GetString()!);
        var path =
            $"tasks?queue={queue}&type=t&worker=w&priority=7&state=dead&order=newest" +
                $"&submittedAfter={submitted}&submittedBefore=2100-01-01" +
                $"&finishedAfter={finished}&finishedBefore=2100-01-01T00:00:00" +
                $"&error={Uri.EscapeDataString("a & b")}&payload={Uri.EscapeDataString("é 100%")}";
        var page = (await server.GetAsync(path)).Accepted();
        Assert.Equal(ids[1], Assert.Single(page.GetProperty("tasks").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.True(page.GetProperty("scanned").GetInt32() >= 1);
        Assert.Empty((await server.GetAsync(path.Replace("type=t", "type=T", StringComparison.Ordinal))).Accepted()
            .GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task Get_OfATaskThatDoesNotExist_IsRefused() =>
        (await server.GetAsync("tasks/999999999?wait=25")).Refused(404, "task_not_found");

    [Theory]
    [InlineData("oldest")]
    [InlineData("newest")]
    public async Task List_PageByPage_GivesEachTaskOnce(string order)
    {
        var queue = ApiServer.NewQueue();
        var ids = new List<long>();
        for (var i = 0; i < 5; i++) ids.Add(await server.SubmitAsync(queue));
        await server.SubmitAsync(ApiServer.NewQueue());
        if (order == "newest") ids.Reverse();

        var seen = new List<long>();
        for (var after = ""; after is not null;)
        {
            var page = (await server.GetAsync($"tasks?queue={queue}&order={order}&limit=2{after}")).Accepted();
            seen.AddRange(page.GetProperty("tasks").EnumerateArray()
                .Select(static task => task.GetProperty("id").GetInt64()));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : null;
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task List_ByState_LeavesOutTheOthers()
    {
        var queue = ApiServer.NewQueue();
        var cancelled = await server.SubmitAsync(queue);
        await server.SubmitAsync(queue);
        (await server.PostAsync($"tasks/{cancelled}/cancel", "")).Accepted();
        var tasks = (await server.GetAsync($"tasks?queue={queue}&state=cancelled")).Accepted().GetProperty("tasks");
        Assert.Equal(cancelled, Assert.Single(tasks.EnumerateArray()).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Cancel_IsFinal()
    {
        var id = await server.SubmitAsync(ApiServer.NewQueue());
        Assert.Equal("cancelled",
            (await server.PostAsync($"tasks/{id}/cancel", "")).Accepted().GetProperty("state").GetString());
        (await server.PostAsync($"tasks/{id}/cancel", "")).Refused(409, "task_cancelled");
        (await server.PostAsync($"tasks/{id}/retry", "")).Refused(409, "task_not_dead");
        (await server.PostAsync("tasks/999999999/cancel", "")).Refused(404, "task_not_found");
        (await server.PostAsync("tasks/x/cancel", "")).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task Retry_RunsADeadTaskAgain()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue, more: ",\"maxAttempts\":1");
        var (_, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}"}""")).Accepted();
        Assert.Equal("dead", await server.StateAsync(id));
        (await server.PostAsync($"tasks/{id}/cancel", "")).Refused(409, "task_finished");
        Assert.Equal("ready",
            (await server.PostAsync($"tasks/{id}/retry", "")).Accepted().GetProperty("state").GetString());
        Assert.Equal(id, (await server.ClaimOneAsync(queue)).Id);
    }

    [Fact]
    public async Task UnknownPath_IsAProblem() => (await server.GetAsync("nothing/here")).Refused(404, "not_found");

    [Theory]
    [InlineData("tasks/1/cancel")]
    [InlineData("tasks/claim")]
    [InlineData("tasks/settle")]
    [InlineData("tasks/batch")]
    public async Task WrongMethod_IsAProblemThatNamesTheRightOne(string path)
    {
        var answer = await server.GetAsync(path);
        answer.Refused(405, "method_not_allowed");
        Assert.Equal(["POST"], answer.ContentHeaders.Allow);
    }

    [Fact]
    public async Task OldPaths_KeepTheirOwnErrors()
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        Assert.Equal("""{"error":"Not Found"}""",
            await (await http.GetAsync("nothing", TestContext.Current.CancellationToken))
                .Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
