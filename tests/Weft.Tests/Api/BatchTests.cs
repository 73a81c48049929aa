using System.Text.Json;
using Weft.Core;

namespace Weft.Tests.Api;

public sealed class BatchTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task SubmitBatch_OneBadItem_DoesNotSpoilTheOthers()
    {
        var queue = ApiServer.NewQueue();
        var outcomes = await SubmitBatchAsync($$$"""
            [{"queue":"{{{queue}}}","payload":1},{"payload":2,"priority":[{"x":[1]}],"more":{}},[[1]],7,
            {"queue":"{{{queue}}}","payload":{"x":[{}]}},{"queue":"{{{queue}}}"}]
            """);
        Assert.Equal([201, 400, 400, 400, 201, 400], Statuses(outcomes));
        Assert.Equal("invalid_request", outcomes[1].GetProperty("code").GetString());
        Assert.Contains("priority", outcomes[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"x":[{}]}""",
            (await server.TaskAsync(outcomes[4].GetProperty("id").GetInt64())).GetProperty("payload").GetRawText());
    }

    [Fact]
    public async Task SubmitBatch_WithAGroupThatDoesNotExist_StoresTheOthers()
    {
        const string Body = """{"tasks":[{"payload":1,"group":999999},{"payload":2},{"payload":3}]}""";
        var first = Outcomes(await server.PostAsync("tasks/batch", Body, "some-group"));
        Assert.Equal([404, 201, 201], Statuses(first));
        Assert.Equal("group_not_found", first[0].GetProperty("code").GetString());
        var again = Outcomes(await server.PostAsync("tasks/batch", Body, "some-group"));
        Assert.Equal([404, 200, 200], Statuses(again));
        Assert.Equal(first[2].GetProperty("id").GetInt64(), again[2].GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task SubmitBatch_WithAKeyThatIsKnown_AnswersTheSameTasks()
    {
        const string Body = """{"tasks":[{"payload":1},{},{"payload":2}]}""";
        var first = Outcomes(await server.PostAsync("tasks/batch", Body, "batch"));
        var again = Outcomes(await server.PostAsync("tasks/batch", Body, "batch"));
        Assert.Equal([201, 400, 201], Statuses(first));
        Assert.Equal([200, 400, 200], Statuses(again));
        Assert.Equal(first[2].GetProperty("id").GetInt64(), again[2].GetProperty("id").GetInt64());
        (await server.PostAsync("tasks/batch", """{"tasks":[{"payload":3}]}""", "batch")).Refused(422,
            "idempotency_mismatch");
    }

    [Fact]
    public async Task SubmitBatch_TakesUpTo1000Items()
    {
        static string Body(int items) =>
            $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat("""{"payload":1}""", items))}}]}""";
        Assert.Equal(1000, Outcomes(await server.PostAsync("tasks/batch", Body(1000))).Length);
        Assert.Contains("tasks", (await server.PostAsync("tasks/batch", Body(1001))).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitBatch_ItemOver1MB_IsRefusedByItself()
    {
        static string Item(int bytes) => $$"""{"payload":"{{new string('x', bytes - 2)}}"}""";
        var outcomes = await SubmitBatchAsync($"[{Item((1 << 20) + 1)},{Item(1 << 20)}]");
        Assert.Equal([413, 201], Statuses(outcomes));
        Assert.Equal("payload_too_large", outcomes[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task SubmitBatch_TakesMoreThanOneTaskMay_AndNotOver32MB()
    {
        static string Body(int items) =>
            $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat($$"""{"payload":"{{new string('x', 1_000_000)}}"}""", items))}}]}""";
        Assert.Equal(12, Outcomes(await server.PostAsync("tasks/batch", Body(12))).Length);
        (await server.PostAsync("tasks/batch", Body(34))).Refused(413, "payload_too_large");
    }

    [Theory]
    [InlineData("""{}""", "tasks is missing")]
    [InlineData("""{"tasks":{}}""", "tasks")]
    [InlineData("""{"tasks":[],"x":1}""", "x")]
    [InlineData("""{"tasks":[],"tasks":[]}""", "tasks")]
    [InlineData("""{"tasks":[{"payload":1},{]}""", "not JSON")]
    public async Task SubmitBatch_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync("tasks/batch", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Settle_AnswersEachItemInOrder_AndClaimsTheNext()
    {
        var queue = ApiServer.NewQueue();
        for (var i = 0; i < 5; i++) await server.SubmitAsync(queue, $"{i}");
        var held = await ClaimAsync(queue, 4);
        var answer = (await server.PostAsync("tasks/settle", $$$"""
            {"items":[
              {"action":"complete",{{{held[0]}}},"result":{"r": 1}},
              {"result":1,"action":"fail",{{{held[1]}}} },
              {"action":"fail",{{{held[1]}}},"error":"no","retry":false},
              {"action":"release",{{{held[2]}}},"delaySeconds":60},
              {"action":"heartbeat",{{{held[3]}}},"progress":0.5},
              {"action":"complete","id":999999999,"leaseToken":"0123456789abcdef","result":1},
              {"action":"dance",{{{held[3]}}} },
              {"id":1,"action":"complete","result":1},
              {{{{held[3]}}},"workerId":"w","action":"release"}
            ],"claim":{"workerId":"settler","queues":["{{{queue}}}"],"max":10,"wait":5}}
            """)).Accepted();
        JsonElement[] outcomes = [.. answer.GetProperty("outcomes").EnumerateArray()];
        Assert.Equal([200, 400, 200, 200, 200, 404, 400, 400, 400], Statuses(outcomes));
        Assert.True(outcomes[4].GetProperty("leaseExpiresAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Single(outcomes, static outcome => outcome.TryGetProperty("leaseExpiresAt", out _));
        Assert.Equal("4",
            Assert.Single(answer.GetProperty("tasks").EnumerateArray()).GetProperty("payload").GetRawText());
    }

    /// <summary>They are stored one after the other; the claim is with the last.</summary>
    [Fact]
    public async Task Settle_OfLargeResults_AnswersEachInOrder_AndClaims()
    {
        var queue = ApiServer.NewQueue();
        for (var i = 0; i < 5; i++) await server.SubmitAsync(queue, $"{i}");
        var held = await ClaimAsync(queue, 4);
        var large = new string('x', Limits.SettlePartBytes - 100);
        var answer = (await server.PostAsync("tasks/settle", $$$"""
            {"items":[
              {"action":"complete",{{{held[0]}}},"result":"{{{large}}}"},
              {"action":"fail",{{{held[1]}}},"error":"no","retry":false},
              {"action":"complete","id":999999999,"leaseToken":"0123456789abcdef","result":"{{{large}}}"},
              {"action":"complete",{{{held[2]}}},"result":"{{{large}}}"},
              {"action":"complete",{{{held[3]}}},"result":1}
            ],"claim":{"workerId":"settler","queues":["{{{queue}}}"]}}
            """)).Accepted();
        Assert.Equal([200, 200, 404, 200, 200], Statuses([.. answer.GetProperty("outcomes").EnumerateArray()]));
        Assert.Equal("4",
            Assert.Single(answer.GetProperty("tasks").EnumerateArray()).GetProperty("payload").GetRawText());
    }

    [Fact]
    public async Task Settle_WithoutItems_OnlyClaims()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue);
        var answer =
            (await server.PostAsync("tasks/settle", $$$"""{"claim":{"workerId":"w","queues":["{{{queue}}}"]}}"""))
                .Accepted();
        Assert.Single(answer.GetProperty("tasks").EnumerateArray());
    }

    [Theory]
    [InlineData("""{}""", "items is missing")]
    [InlineData("""{"items":7}""", "items")]
    [InlineData("""{"items":[],"claim":{}}""", "workerId is missing")]
    [InlineData("""{"items":[],"claim":{"workerId":"w","max":0}}""", "max")]
    [InlineData("""{"items":[],"workerId":""}""", "workerId")]
    public async Task Settle_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync("tasks/settle", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Settle_Over1000Items_IsRefused()
    {
        var items = string.Join(',',
            Enumerable.Repeat("""{"action":"release","id":1,"leaseToken":"0123456789abcdef"}""", 1001));
        Assert.Contains("items",
            (await server.PostAsync("tasks/settle", $$"""{"items":[{{items}}]}""")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
    }

    private async Task<string[]> ClaimAsync(string queue, int max)
    {
        var tasks =
            (await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"],"max":{{max}}}"""))
                .Accepted().GetProperty("tasks");
        return [.. tasks.EnumerateArray()
            .Select(static task =>
                $"\"id\":{task.GetProperty("id")},\"leaseToken\":\"{task.GetProperty("leaseToken")}\"")];
    }

    private async Task<JsonElement[]> SubmitBatchAsync(string items) =>
        Outcomes(await server.PostAsync("tasks/batch", $$"""{"tasks":{{items}} }"""));

    private static JsonElement[] Outcomes(ApiAnswer answer) =>
        [.. answer.Accepted().GetProperty("outcomes").EnumerateArray()];

    private static int[] Statuses(JsonElement[] outcomes) =>
        [.. outcomes.Select(static outcome => outcome.GetProperty("status").GetInt32())];
}
