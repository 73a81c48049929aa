namespace Weft.Tests.Api;

public sealed class SettleOneTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Stranger = "0123456789abcdef";

    [Fact]
    public async Task Complete_KeepsTheResultByteForByte()
    {
        var (id, token) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"result":{"x": 1.0},"leaseToken":"{{token}}"}"""))
            .Accepted();
        var text = (await server.GetAsync($"tasks/{id}")).Text;
        Assert.Contains("\"result\":{\"x\": 1.0}", text, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"completed\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_Repeated_IsAcceptedAndAnotherResultIsNot()
    {
        var (id, token) = await ClaimNewAsync();
        var body = $$"""{"leaseToken":"{{token}}","result":1}""";
        (await server.PostAsync($"tasks/{id}/complete", body)).Accepted();
        (await server.PostAsync($"tasks/{id}/complete", body)).Accepted();
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":2}""")).Refused(409,
            "task_finished");
        Assert.Equal(1, (await server.TaskAsync(id)).GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("complete", "\"result\":1,\"runMs\":0.5", 200)]
    [InlineData("complete", "\"result\":1,\"runMs\":31622400000", 200)]
    [InlineData("complete", "\"result\":1,\"runMs\":31622400001", 400)]
    [InlineData("complete", "\"result\":1,\"runMs\":-1", 400)]
    [InlineData("fail", "\"runMs\":12", 200)]
    [InlineData("release", "\"runMs\":12", 400)]
    [InlineData("heartbeat", "\"runMs\":12", 400)]
    public async Task Reports_SayHowLongTheWorkerComputed_WhereItHas(string action, string members, int status)
    {
        var (id, token) = await ClaimNewAsync();
        var answer = await server.PostAsync($"tasks/{id}/{action}", $$"""{"leaseToken":"{{token}}",{{members}}}""");
        Assert.True(answer.Status == status, answer.Text);
    }

    [Fact]
    public async Task Fail_LeavesTheErrorAndTriesAgainLater()
    {
        var (id, token) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}","error":"no disk"}""")).Accepted();
        var task = await server.TaskAsync(id);
        Assert.Equal(("no disk", 1), (task.GetProperty("error").GetString(), task.GetProperty("failures").GetInt32()));
        Assert.Contains(task.GetProperty("state").GetString(), (string[])["scheduled", "ready"]);
    }

    [Fact]
    public async Task Fail_ThatMustNotBeRetried_IsDeath()
    {
        var (id, token) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}","retry":false}""")).Accepted();
        Assert.Equal("dead", await server.StateAsync(id));
    }

    [Fact]
    public async Task Fail_WithALongError_KeepsItsBeginningInWholeCharacters()
    {
        var (id, token) = await ClaimNewAsync();
        var error = new string('e', Core.Limits.ErrorCharsMax - 1) + "😀 and more";
        (await server.PostAsync($"tasks/{id}/fail", $$"""{"leaseToken":"{{token}}","error":"{{error}}"}""")).Accepted();
        Assert.Equal(error[..(Core.Limits.ErrorCharsMax - 1)],
            (await server.TaskAsync(id)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("cut \\ud83d", "cut \ufffd")]
    [InlineData("\\udc00\\ud800\\ud83d\\ude00 \\\"\\\\\\n\\u00e9\\/ é", "\ufffd\ufffd😀 \"\\\né/ é")]
    public async Task Fail_WithHalfACharacter_IsTaken_WithAMarkInItsPlace(string escaped, string kept)
    {
        var (id, token) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/fail",
            $$"""{"leaseToken":"{{token}}","error":"{{escaped}}","workerId":"w\ud800"}""")).Accepted();
        Assert.Equal(kept, (await server.TaskAsync(id)).GetProperty("error").GetString());

        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue);
        (await server.PostAsync("tasks/claim", $$"""{"workerId":"w\ud800","queues":["{{queue}}"]}""")).Accepted();
        var named = (await server.GetAsync($"tasks?queue={queue}")).Accepted().GetProperty("tasks")[0];
        Assert.Equal("w\ufffd", named.GetProperty("workerId").GetString());
    }

    [Fact]
    public async Task Release_GivesTheTaskToTheNext()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        var (_, token) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{id}/release", $$"""{"leaseToken":"{{token}}"}""")).Accepted();
        var (again, newer) = await server.ClaimOneAsync(queue);
        Assert.Equal(id, again);
        Assert.Equal(0, (await server.TaskAsync(id)).GetProperty("failures").GetInt32());
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":1}""")).Refused(409,
            "stale_lease");
        (await server.PostAsync($"tasks/{id}/release", $$"""{"leaseToken":"{{newer}}","delaySeconds":60}"""))
            .Accepted();
        Assert.Equal("scheduled", await server.StateAsync(id));
    }

    [Fact]
    public async Task Heartbeat_ExtendsTheLeaseAndHandsItsCheckpointToTheNextAttempt()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        var (_, token) = await server.ClaimOneAsync(queue);
        var before = (await server.TaskAsync(id)).GetProperty("leaseExpiresAt").GetDateTimeOffset();
        var outcome =
            (await server.PostAsync($"tasks/{id}/heartbeat",
                $$"""{"leaseToken":"{{token}}","leaseSeconds":3600,"progress":0.25,"checkpoint":{"row": 7} }"""))
                .Accepted();
        var task = await server.TaskAsync(id);
        Assert.Equal(task.GetProperty("leaseExpiresAt").GetDateTimeOffset(),
            outcome.GetProperty("leaseExpiresAt").GetDateTimeOffset());
        Assert.True(task.GetProperty("leaseExpiresAt").GetDateTimeOffset() > before.AddMinutes(50));
        Assert.Equal(0.25, task.GetProperty("progress").GetDouble());

        (await server.PostAsync($"tasks/{id}/release", $$"""{"leaseToken":"{{token}}"}""")).Accepted();
        var claimed = await server.PostAsync("tasks/claim", $$"""{"workerId":"w2","queues":["{{queue}}"]}""");
        Assert.Contains("\"checkpoint\":{\"row\": 7}", claimed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeat_OfACancelledTask_TellsTheWorker()
    {
        var (id, token) = await ClaimNewAsync();
        Assert.Equal("cancelled",
            (await server.PostAsync($"tasks/{id}/cancel", "")).Accepted().GetProperty("state").GetString());
        (await server.PostAsync($"tasks/{id}/heartbeat", $$"""{"leaseToken":"{{token}}"}""")).Refused(409,
            "task_cancelled");
    }

    [Fact]
    public async Task Heartbeat_OfAFinishedTask_IsRefused()
    {
        var (id, token) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":1}""")).Accepted();
        (await server.PostAsync($"tasks/{id}/heartbeat", $$"""{"leaseToken":"{{token}}"}""")).Refused(409,
            "task_finished");
    }

    [Theory]
    [InlineData("complete", ",\"result\":1")]
    [InlineData("fail", "")]
    [InlineData("release", "")]
    [InlineData("heartbeat", "")]
    public async Task Settle_WithAnotherToken_IsRefused(string action, string more)
    {
        var (id, _) = await ClaimNewAsync();
        (await server.PostAsync($"tasks/{id}/{action}", $$"""{"leaseToken":"{{Stranger}}"{{more}}}""")).Refused(409,
            "stale_lease");
        (await server.PostAsync($"tasks/999999999/{action}", $$"""{"leaseToken":"{{Stranger}}"{{more}}}"""))
            .Refused(404, "task_not_found");
        (await server.PostAsync($"tasks/x/{action}", $$"""{"leaseToken":"{{Stranger}}"{{more}}}""")).Refused(400,
            "invalid_request");
    }

    [Theory]
    [InlineData("complete", """{"result":1}""", "leaseToken is missing")]
    [InlineData("complete", """{"leaseToken":"0123456789abcdef"}""", "result is missing")]
    [InlineData("complete", """{"leaseToken":"0123456789abcde","result":1}""", "leaseToken")]
    [InlineData("complete", """{"leaseToken":"0123456789abcdeg","result":1}""", "leaseToken")]
    [InlineData("complete", """{"leaseToken":"0123456789abcdef","result":1,"error":"x"}""", "error")]
    [InlineData("complete", """{"leaseToken":"0123456789abcdef","result":1,"id":1}""", "id")]
    [InlineData("complete", """{"leaseToken":"0123456789abcdef","result":1,"action":"complete"}""", "action")]
    [InlineData("fail", """{"leaseToken":"0123456789abcdef","error":1}""", "error")]
    [InlineData("fail", """{"leaseToken":"0123456789abcdef","retry":"no"}""", "retry")]
    [InlineData("fail", """{"leaseToken":"0123456789abcdef","result":1}""", "result")]
    [InlineData("release", """{"leaseToken":"0123456789abcdef","delaySeconds":-1}""", "delaySeconds")]
    [InlineData("heartbeat", """{"leaseToken":"0123456789abcdef","progress":1.01}""", "progress")]
    [InlineData("heartbeat", """{"leaseToken":"0123456789abcdef","leaseSeconds":0}""", "leaseSeconds")]
    [InlineData("heartbeat", """{"leaseToken":"0123456789abcdef","unknown":0}""", "unknown")]
    public async Task Settle_BadInput_IsRefusedByName(string action, string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync($"tasks/1/{action}", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Heartbeat_WithTooLargeACheckpoint_IsRefused()
    {
        var (id, token) = await ClaimNewAsync();
        string Body(int bytes) => $$"""{"leaseToken":"{{token}}","checkpoint":"{{new string('c', bytes - 2)}}"}""";
        (await server.PostAsync($"tasks/{id}/heartbeat", Body(64 << 10))).Accepted();
        (await server.PostAsync($"tasks/{id}/heartbeat", Body((64 << 10) + 1))).Refused(413, "payload_too_large");
    }

    private async Task<(long Id, string Token)> ClaimNewAsync()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue);
        return await server.ClaimOneAsync(queue);
    }
}
