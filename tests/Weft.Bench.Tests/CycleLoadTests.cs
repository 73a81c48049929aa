using Weft.Bench.Load;

namespace Weft.Bench.Tests;

public class CycleLoadTests
{
    private const string Matrices = CycleClient.Matrices;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(50);
    private long lastId;
    private long claimedId;

    [Fact]
    public async Task ARightServer_HasCyclesAndNothingBad()
    {
        var tally = await RunAsync(Right);

        Assert.Null(tally.FirstBad);
        Assert.True(tally.Cycles > 0);
        Assert.Equal(0, tally.Bad);
    }

    [Theory]
    [InlineData("POST /task ", """{"id":1}""")]
    [InlineData("POST /task ", """{"taskId":1""")]
    [InlineData("POST /task ", """{"taskId":"1"}""")]
    [InlineData("GET /task/next", """{"taskId":1,"data":{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,9]]"}}""")]
    [InlineData("GET /task/next", """{"data":{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}}""")]
    [InlineData("POST /task/{id}/result", """{"status":"failure"}""")]
    [InlineData("POST /task/{id}/result", "[]")]
    [InlineData("GET /result", """{"taskId":1,"status":"processing","result":"[[19,22],[43,50]]"}""")]
    [InlineData("GET /result", """{"taskId":1,"status":"completed","result":"[[19,22],[43,51]]"}""")]
    [InlineData("GET /result", """{"taskId":987654,"status":"completed","result":"[[19,22],[43,50]]"}""")]
    public async Task AWrongAnswer_IsBad_AndItsCycleDoesNotCount(string endpoint, string lie)
    {
        var tally =
            await RunAsync(request => EndpointOf(request) == endpoint ? ScriptedServer.Json(lie) : Right(request));

        Assert.Equal(0, tally.Cycles);
        Assert.StartsWith(endpoint, tally.FirstBad, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /task ")]
    [InlineData("GET /task/next")]
    [InlineData("POST /task/{id}/result")]
    [InlineData("GET /result")]
    public async Task AnyOtherStatus_IsBad_EvenWithTheRightBody(string endpoint)
    {
        var tally =
            await RunAsync(request => EndpointOf(request) == endpoint
                ? Right(request).Replace("200 OK", "201 Created", StringComparison.Ordinal) : Right(request));

        Assert.Equal(0, tally.Cycles);
        Assert.Contains("201", tally.FirstBad, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoTask_AlthoughOneWasSubmitted_IsBad()
    {
        var tally =
            await RunAsync(request => EndpointOf(request) == "GET /task/next" ? "HTTP/1.1 204 No Content\r\n\r\n"
                : Right(request));

        Assert.Equal(0, tally.Cycles);
        Assert.Contains("204", tally.FirstBad, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskHandedOutTwice_IsBad()
    {
        // The third submit ends it, however few cycles a busy machine finds time for.
        var submits = 0;
        var tally =
            await RunAsync(request => EndpointOf(request) == "GET /task/next"
                ? ScriptedServer.Json($$"""{"taskId":7,"data":{{Matrices}}}""")
                : EndpointOf(request) == "GET /result"
                    ? ScriptedServer.Json("""{"taskId":7,"status":"completed","result":"[[19,22],[43,50]]"}""")
                : EndpointOf(request) == "POST /task " && ++submits == 3 ? null
                : Right(request), Patience);

        Assert.Equal(1, tally.Cycles);
        Assert.StartsWith("GET /task/next", tally.FirstBad, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionThatIsClosed_IsOneBadAnswer_AndEndsItsWork()
    {
        var tally = await RunAsync(_ => null);

        Assert.Equal(1, tally.Bad);
    }

    [Fact]
    public async Task AnAnswerThatNobodyAskedFor_IsBad()
    {
        var tally = await RunAsync(request => Right(request) + Right("POST /task "));

        Assert.Equal(0, tally.Cycles);
        Assert.Equal(1, tally.Bad);
    }

    [Fact]
    public async Task AServerThatNeverAnswers_IsBad_OncePatienceIsOver()
    {
        await using var server = new ScriptedServer(_ => "");

        var result = await new CycleLoad(server.Address).SubmitAsync(1, Shortly, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.Tally.Bad);
    }

    [Fact]
    public async Task Submit_SendsAsManyTasksAsAsked()
    {
        await using var server = new ScriptedServer(Right);

        var result =
            await new CycleLoad(server.Address).SubmitAsync(1_000, Patience, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Tally.Bad);
        Assert.Equal(1_000, Interlocked.Read(ref lastId));
    }

    [Fact]
    public async Task AnInterruption_IsNoResult()
    {
        await using var server = new ScriptedServer(_ => "");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = new CycleLoad(server.Address).SubmitAsync(1, Patience, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
    }

    private static async Task<LoadTally> RunAsync(Func<string, string?> answer, TimeSpan? time = null)
    {
        await using var server = new ScriptedServer(answer);
        var result = await new CycleLoad(server.Address).RunCyclesAsync(1, time ?? Shortly,
            TestContext.Current.CancellationToken);
        return result.Tally;
    }

    private string Right(string request) => ScriptedServer.Json(EndpointOf(request) switch
    {
        "POST /task " => $$"""{"taskId":{{Interlocked.Increment(ref lastId)}}}""",
        "GET /task/next" =>
            $$"""{ "data": {{Matrices}}, "attempt": {"n":1}, "taskId": {{Interlocked.Increment(ref claimedId)}} }""",
        "POST /task/{id}/result" => """{"status":"success"}""",
        _ => $$"""{"taskId":{{Interlocked.Read(ref claimedId)}},"status":"completed","result":"[[19,22],[43,50]]","workerId":"w0"}""",
    });

    private static string EndpointOf(string request) =>
        request.StartsWith("POST /task ", StringComparison.Ordinal) ? "POST /task "
        : request.StartsWith("GET /task/next?workerId=w0 ", StringComparison.Ordinal) ? "GET /task/next"
        : request.StartsWith("POST /task/", StringComparison.Ordinal) ? "POST /task/{id}/result"
        : "GET /result";
}
