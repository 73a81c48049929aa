using System.Net;
using Weft.Client.Frozen;

namespace Weft.Client.Tests.Frozen;

public sealed class FrozenClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_PostsTheBodyByteForByte_AndReturnsTheId()
    {
        var (client, coordinator) = Answering("""{"taskId":4294967296}""");
        Assert.Equal(4_294_967_296, await client.SubmitAsync("{ \"A\" : \"ü\" }"u8.ToArray(), Stop));
        Assert.Equal("POST http://coordinator/below/task", coordinator.Request);
        Assert.Equal("application/json", coordinator.RequestType);
        Assert.Equal("{ \"A\" : \"ü\" }", coordinator.RequestBody);
    }

    [Fact]
    public async Task Claim_NamesTheWorker_AndHowLongItWaits()
    {
        var (client, coordinator) = Answering("""{"taskId":7,"data":{"A":"[[1]]"}}""");
        var task = await client.ClaimNextAsync("me & you", TimeSpan.FromSeconds(2.5), Stop);
        Assert.Equal(7, task!.TaskId);
        Assert.Equal("[[1]]", task.Data.GetProperty("A").GetString());
        Assert.Equal("GET http://coordinator/below/task/next?workerId=me %26 you&wait=2.5", coordinator.Request);
    }

    [Fact]
    public async Task Claim_WithoutWork_IsNull()
    {
        var (client, _) = Answering("", HttpStatusCode.NoContent);
        Assert.Null(await client.ClaimNextAsync("me", TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task Complete_PostsTheResultAsText()
    {
        var (client, coordinator) = Answering("""{"status":"success"}""");
        await client.CompleteAsync(7, "[[19,22]]", Stop);
        Assert.Equal("POST http://coordinator/below/task/7/result", coordinator.Request);
        Assert.Equal("""{"result":"[[19,22]]"}""", coordinator.RequestBody);
    }

    [Theory]
    [InlineData("pending", FrozenState.Pending, false)]
    [InlineData("processing", FrozenState.Processing, false)]
    [InlineData("completed", FrozenState.Completed, true)]
    [InlineData("failed", FrozenState.Failed, true)]
    [InlineData("cancelled", FrozenState.Cancelled, true)]
    public async Task Read_KnowsEveryState(string word, FrozenState state, bool finished)
    {
        var (client, coordinator) = Answering($$"""{"taskId":7,"status":"{{word}}","result":""}""");
        var report = await client.ReadResultAsync(7, Stop);
        Assert.Equal(state, report.Status);
        Assert.Equal(finished, report.IsFinished);
        Assert.Null(report.DurationMs);
        Assert.Equal("GET http://coordinator/below/result/7", coordinator.Request);
    }

    [Fact]
    public async Task Read_GivesTheResult_WhoMadeIt_AndHowLongItTook()
    {
        var (client, _) =
            Answering("""{"taskId":7,"status":"completed","result":"[[19,22]]","workerId":"me","durationMs":12}""");
        var report = await client.ReadResultAsync(7, Stop);
        Assert.Equal("[[19,22]]", report.Result.GetString());
        Assert.Equal(("me", 12L), (report.WorkerId, report.DurationMs));
    }

    [Fact]
    public async Task Stats_AreTheCoordinatorsCounts()
    {
        var (client,
            _) = Answering(
            """{"totalTasks":9,"completedTasks":4,"pending":2,"processing":1,"completed":4,"failed":2,"uptime":3.5,"workers":{"total":5,"active":3}}""");
        Assert.Equal(new FrozenStats(9, 2, 1, 4, 2, 3.5, new(5, 3)), await client.ReadStatsAsync(Stop));
    }

    [Fact]
    public async Task Health_OfACoordinatorThatIsUnwell_Throws()
    {
        await Answering("""{"status":"ok","service":"coordinator"}""").Client.CheckHealthAsync(Stop);
        var failure = await Assert.ThrowsAsync<FrozenException>(() =>
            Answering("""{"status":"starting"}""").Client.CheckHealthAsync(Stop));
        Assert.Contains("starting", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatIsStopped_AsksNothing()
    {
        var (client, coordinator) = Answering("""{"taskId":1}""");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.SubmitAsync("1"u8.ToArray(), new(canceled: true)));
        Assert.Null(coordinator.Request);
    }

    private static (FrozenClient Client, ScriptedCoordinator Coordinator) Answering(string body,
        HttpStatusCode status = HttpStatusCode.OK)
    {
        var coordinator = new ScriptedCoordinator(status, body);
        return (new(new(coordinator) { BaseAddress = new("http://coordinator/below/") }), coordinator);
    }
}
