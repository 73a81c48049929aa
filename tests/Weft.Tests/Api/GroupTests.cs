using System.Text.Json;

namespace Weft.Tests.Api;

public sealed class GroupTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Group_CountsItsTasks()
    {
        var created = await server.PostAsync("groups", """{"name":"naïve run"}""");
        var id = created.Accepted(201).GetProperty("id").GetInt64();
        Assert.Equal($"/api/v1/groups/{id}", created.Headers.Location?.ToString());
        await server.SubmitAsync(ApiServer.NewQueue(), more: $",\"group\":{id}");
        var group = (await server.GetAsync($"groups/{id}")).Accepted();
        Assert.Equal("naïve run", group.GetProperty("name").GetString());
        Assert.EndsWith("Z", group.GetProperty("createdAt").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"scheduled":0,"ready":1,"leased":0,"completed":0,"dead":0,"cancelled":0,"checking":0}""",
            group.GetProperty("counts").GetRawText());
    }

    [Fact]
    public async Task SealedGroup_RefusesTasks_OneByOneAndInABatch()
    {
        var group = (await server.PostAsync("groups", "")).Accepted(201).GetProperty("id").GetInt64();
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue, more: $",\"group\":{group}");
        var first = (await server.PostAsync($"groups/{group}/seal", "")).Accepted();
        Assert.EndsWith("Z", first.GetProperty("sealedAt").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.GetRawText(), (await server.PostAsync($"groups/{group}/seal", "")).Accepted().GetRawText());
        var listed = (await server.GetAsync("groups")).Accepted().GetProperty("groups").EnumerateArray()
            .Single(each => each.GetProperty("id").GetInt64() == group);
        Assert.Equal(first.GetRawText(), listed.GetRawText());

        (await server.PostAsync("tasks", $$"""{"queue":"{{queue}}","payload":1,"group":{{group}}}""")).Refused(409,
            "group_sealed");
        var batch =
            (await server.PostAsync("tasks/batch",
                $$"""{"tasks":[{"queue":"{{queue}}","payload":1,"group":{{group}}},{"queue":"{{queue}}","payload":2}]}""")).Accepted();
        Assert.Equal([409, 201],
            batch.GetProperty("outcomes").EnumerateArray()
                .Select(static outcome => outcome.GetProperty("status").GetInt32()));
    }

    [Theory]
    [InlineData("finished", new[] { 1, 0 })]
    [InlineData("submitted", new[] { 0, 1 })]
    public async Task Results_ComeAsLinesInTheOrderAskedFor(string order, int[] expected)
    {
        var (group, ids, tokens) = await StartGroupAsync(2);
        await CompleteAsync(ids[1], tokens[1], "{\n\"x\": 1\r\n}");
        await CompleteAsync(ids[0], tokens[0], "2");
        var lines = Lines(await server.GetAsync($"groups/{group}/results?order={order}"));
        Assert.Equal([.. expected.Select(i => ids[i])],
            lines[..^1].Select(static line => line.GetProperty("id").GetInt64()));
        Assert.True(lines[^1].GetProperty("done").GetBoolean());
        Assert.Equal(1,
            lines.Single(line => line.TryGetProperty("id", out var id) && id.GetInt64() == ids[1]).GetProperty("result")
                .GetProperty("x").GetInt32());
    }

    [Fact]
    public async Task Results_ResumeAfterTheCursor()
    {
        var (group, ids, tokens) = await StartGroupAsync(3);
        await CompleteAsync(ids[2], tokens[2], "1");
        var first = Lines(await server.GetAsync($"groups/{group}/results"));
        Assert.False(first[^1].GetProperty("done").GetBoolean());
        await CompleteAsync(ids[0], tokens[0], "1");
        await CompleteAsync(ids[1], tokens[1], "1");
        var rest =
            Lines(await server.GetAsync($"groups/{group}/results?after={first[^1].GetProperty("cursor").GetString()}"));
        Assert.Equal([ids[0], ids[1]], rest[..^1].Select(static line => line.GetProperty("id").GetInt64()));
        Assert.True(rest[^1].GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Results_ThatWait_EndWithTheLastTask()
    {
        var (group, ids, tokens) = await StartGroupAsync(2);
        var following = server.GetAsync($"groups/{group}/results?wait=25");
        await CompleteAsync(ids[0], tokens[0], "1");
        (await server.PostAsync($"tasks/{ids[1]}/fail",
            $$"""{"leaseToken":"{{tokens[1]}}","error":"broken","retry":false}""")).Accepted();
        var lines = Lines(await following);
        Assert.Equal(["completed", "dead"], lines[..^1].Select(static line => line.GetProperty("state").GetString()));
        Assert.Equal("broken", lines[1].GetProperty("error").GetString());
        Assert.True(lines[^1].GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Cancel_CallsOffWhatIsUnfinished()
    {
        var (group, ids, tokens) = await StartGroupAsync(3);
        await CompleteAsync(ids[0], tokens[0], "1");
        Assert.Equal("""{"cancelled":2}""", (await server.PostAsync($"groups/{group}/cancel", "")).Text);
        Assert.Equal("cancelled", await server.StateAsync(ids[1]));
        (await server.PostAsync($"tasks/{ids[1]}/heartbeat", $$"""{"leaseToken":"{{tokens[1]}}"}""")).Refused(409,
            "task_cancelled");
    }

    [Fact]
    public async Task List_NewestFirst_GoesOnAfterTheCursor()
    {
        var ids = new List<long>();
        foreach (var name in (string[])["a", "b", "c"])
            ids.Add((await server.PostAsync("groups", $$"""{"name":"list {{name}}"}""")).Accepted(201).GetProperty("id")
                .GetInt64());
        await server.SubmitAsync(ApiServer.NewQueue(), more: $",\"group\":{ids[2]}");
        var first = (await server.GetAsync("groups?limit=2")).Accepted();
        var groups = first.GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal([ids[2], ids[1]], groups.Select(static group => group.GetProperty("id").GetInt64()));
        Assert.Equal(("list c", 1),
            (groups[0].GetProperty("name").GetString(),
                groups[0].GetProperty("counts").GetProperty("ready").GetInt32()));
        var second =
            (await server.GetAsync($"groups?limit=1&after={first.GetProperty("next").GetString()}")).Accepted();
        Assert.Equal(ids[0], Assert.Single(second.GetProperty("groups").EnumerateArray()).GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("groups/999999")]
    [InlineData("groups/999999/results")]
    public async Task Group_ThatDoesNotExist_IsRefused(string path) =>
        (await server.GetAsync(path)).Refused(404, "group_not_found");

    [Theory]
    [InlineData("groups?limit=0", "limit")]
    [InlineData("groups?after=o1", "after")]
    [InlineData("groups/x", "id")]
    [InlineData("groups/1/results?order=random", "order")]
    [InlineData("groups/1/results?after=s1", "after")]
    [InlineData("groups/1/results?after=f1&order=submitted", "after")]
    [InlineData("groups/1/results?wait=26", "wait")]
    public async Task Group_BadInput_IsRefusedByName(string path, string detail) =>
        Assert.Contains(detail, (await server.GetAsync(path)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"title":"x"}""", "title")]
    public async Task CreateGroup_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync("groups", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    private async Task<(long Group, long[] Ids, string[] Tokens)> StartGroupAsync(int tasks)
    {
        var group = (await server.PostAsync("groups", "")).Accepted(201).GetProperty("id").GetInt64();
        var queue = ApiServer.NewQueue();
        for (var i = 0; i < tasks; i++) await server.SubmitAsync(queue, more: $",\"group\":{group}");
        var claimed = new List<(long Id, string Token)>();
        for (var i = 0; i < tasks; i++) claimed.Add(await server.ClaimOneAsync(queue));
        return (group, [.. claimed.Select(static task => task.Id)], [.. claimed.Select(static task => task.Token)]);
    }

    private async Task CompleteAsync(long id, string token, string result) =>
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":{{result}} }"""))
            .Accepted();

    private static JsonElement[] Lines(ApiAnswer answer)
    {
        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.ContentHeaders.ContentType?.MediaType));
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];
    }
}
