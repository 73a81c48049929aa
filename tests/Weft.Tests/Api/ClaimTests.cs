using System.Text;

namespace Weft.Tests.Api;

public sealed class ClaimTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Claim_HandsOutTheWholeTask()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue, """{"n": 1}""", ""","type":"mul" """);
        var answer =
            await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"],"leaseSeconds":300}""");
        var task = Assert.Single(answer.Accepted().GetProperty("tasks").EnumerateArray());
        Assert.Equal(id, task.GetProperty("id").GetInt64());
        Assert.Equal(queue, task.GetProperty("queue").GetString());
        Assert.Equal("mul", task.GetProperty("type").GetString());
        Assert.Equal("""{"n": 1}""", task.GetProperty("payload").GetRawText());
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
        Assert.Matches("^[0-9a-f]{16}$", task.GetProperty("leaseToken").GetString()!);
        var record = await server.TaskAsync(id);
        Assert.Equal("leased", record.GetProperty("state").GetString());
        Assert.Equal("w", record.GetProperty("workerId").GetString());
        Assert.Equal(TimeSpan.FromMinutes(5),
            task.GetProperty("leaseExpiresAt").GetDateTimeOffset()
                - record.GetProperty("claimedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Claim_FromSeveralQueues_TakesTheForemostUpToMax()
    {
        var (a, b) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        var low = await server.SubmitAsync(a);
        var high = await server.SubmitAsync(b, more: ",\"priority\":9");
        await server.SubmitAsync(b);
        var tasks =
            (await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{a}}","{{b}}"],"max":2}"""))
                .Accepted().GetProperty("tasks");
        Assert.Equal([high, low], tasks.EnumerateArray().Select(static task => task.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task Claim_OfAQueueThatDoesNotExist_IsEmpty() =>
        Assert.Equal("""{"tasks":[]}""",
            (await server.PostAsync("tasks/claim", """{"workerId":"w","queues":["nobody-knows"]}""")).Text);

    [Fact]
    public async Task Claim_ThatWaitedForNothing_NamesPausedAndUnknownQueues()
    {
        var (open, paused) = (ApiServer.NewQueue(), ApiServer.NewQueue());
        await server.SubmitAsync(open, more: ",\"delaySeconds\":600");
        await server.PostAsync($"queues/{paused}/pause", "");
        var answer = await server.PostAsync("tasks/claim",
            $$"""{"workerId":"w","queues":["{{open}}","{{paused}}","sqares"],"wait":1}""");
        Assert.Equal($$"""{"tasks":[],"paused":["{{paused}}"],"unknown":["sqares"]}""", answer.Text);
    }

    [Fact]
    public async Task Claim_WithoutTheCapability_LeavesTheTask()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue, more: ",\"requires\":[\"memory>=4096\"]");
        var poor = await server.PostAsync("tasks/claim",
            $$"""{"workerId":"w","queues":["{{queue}}"],"capabilities":["simd","memory=4095"]}""");
        Assert.Equal("""{"tasks":[]}""", poor.Text);
        await server.ClaimOneAsync(queue, ",\"capabilities\":[\"memory=4096\"]");
    }

    [Fact]
    public async Task Claim_ThatWaits_IsAnsweredByTheNextSubmit()
    {
        var queue = ApiServer.NewQueue();
        var waiting = server.ClaimOneAsync(queue, ",\"wait\":25");
        var id = await server.SubmitAsync(queue);
        Assert.Equal(id, (await waiting).Id);
    }

    [Fact]
    public async Task Claim_WhoseClientIsGone_LeavesTheTaskToOthers()
    {
        var queue = ApiServer.NewQueue();
        using (var gone = new CancellationTokenSource())
        {
            var body = Encoding.UTF8.GetBytes($$"""{"workerId":"gone","queues":["{{queue}}"],"wait":25}""");
            var waiting = server.SendAsync(HttpMethod.Post, "tasks/claim", body, gone: gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        var id = await server.SubmitAsync(queue);
        Assert.Equal(id, (await server.ClaimOneAsync(queue, ",\"wait\":25")).Id);
    }

    [Fact]
    public async Task Claim_OfWhatAnOldClientPosted_ShowsTextAsAString()
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var response =
            await http.PostAsync("task", new StringContent("plain \"text\""), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var tasks = (await server.PostAsync("tasks/claim", """{"workerId":"w"}""")).Accepted().GetProperty("tasks");
        Assert.Equal("plain \"text\"", Assert.Single(tasks.EnumerateArray()).GetProperty("payload").GetString());
    }

    [Theory]
    [InlineData("""{}""", "workerId is missing")]
    [InlineData("""{"workerId":""}""", "workerId")]
    [InlineData("""{"workerId":7}""", "workerId")]
    [InlineData("""{"workerId":"w","queues":[]}""", "queues")]
    [InlineData("""{"workerId":"w","queues":["a b"]}""", "queues")]
    [InlineData("""{"workerId":"w","queues":"a"}""", "queues")]
    [InlineData("""{"workerId":"w","max":0}""", "max")]
    [InlineData("""{"workerId":"w","max":1001}""", "max")]
    [InlineData("""{"workerId":"w","wait":25.1}""", "wait")]
    [InlineData("""{"workerId":"w","wait":-1}""", "wait")]
    [InlineData("""{"workerId":"w","leaseSeconds":0}""", "leaseSeconds")]
    [InlineData("""{"workerId":"w","leaseSeconds":86401}""", "leaseSeconds")]
    [InlineData("""{"workerId":"w","capabilities":["memory>=1"]}""", "capabilities")]
    [InlineData("""{"workerId":"w","capability":["simd"]}""", "capability")]
    public async Task Claim_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync("tasks/claim", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
}
