using System.Net;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public sealed class WorkLoopTests : IDisposable
{
    private const string Task7 =
        """{"tasks":[{"id":7,"leaseToken":"0a","payload":{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}}]}""";
    private const string Accepted = """{"status":200}""";
    private const string Claim = """POST /api/v1/tasks/claim {"workerId":"w-1","queues":["matrix"],"wait":20}""";
    private const string Post7 = """POST /api/v1/tasks/7/complete {"leaseToken":"0a","result":"[[19,22],[43,50]]"}""";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly CoordinatorStub _coordinator = new();
    private readonly TimerSignal _time = new();
    private readonly Record<WorkEvent> _events = new();
    private readonly CancellationTokenSource _stop =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly WorkLoop _loop;

    public WorkLoopTests() => _loop = new(_coordinator.Open(), "w-1", Poll, _events, _time, new Random(1));

    public void Dispose()
    {
        _coordinator.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_ATask_PostsTheProductAndClaimsAtOnce()
    {
        _coordinator.Answer(Task7).Answer(Accepted);
        await RunUntilExhausted();
        Assert.Equal([Claim, Post7, Claim], _coordinator.Requests);
        Assert.Equal([WorkEventKind.Computing, WorkEventKind.Completed, WorkEventKind.Paused], Kinds);
    }

    [Theory]
    [InlineData("""{"A":"[[2147483647]]","B":"[[2]]"}""", "Row 1, column 1 of the product does not fit in 32 bits.")]
    [InlineData("5", "This task is not a matrix multiplication.")]
    public async Task Run_ATaskThatCanNotBeComputed_IsFailedForGood_AndNotCompleted(string payload, string why)
    {
        _coordinator.Answer($$"""{"tasks":[{"id":8,"leaseToken":"0b","payload":{{payload}}}]}""").Answer(Accepted);
        await RunUntilExhausted();
        Assert.Equal([Claim, $$"""POST /api/v1/tasks/8/fail {"leaseToken":"0b","error":"{{why}}","retry":false}""",
            Claim], _coordinator.Requests);
        Assert.Contains(WorkEventKind.Failed, Kinds);
    }

    [Theory]
    [InlineData(false, "0")]
    [InlineData(true, "20")]
    public async Task Run_NoWork_ClaimsAgainAfterThePoll(bool waits, string seconds)
    {
        // With `wait` too: the stub answers at once, as a coordinator does that holds as many requests as it may.
        _loop.Waits = waits;
        _coordinator.AnswerNothing();
        var running = RunUntilExhausted();
        Assert.Equal(Poll, await _time.PassNextWaitAsync());
        await running;
        var claim = Claim.Replace("20", seconds, StringComparison.Ordinal);
        Assert.Equal([claim, claim], _coordinator.Requests);
    }

    [Fact]
    public async Task Run_AProductThatIsRefused_FailsItsTask_AndGoesOn()
    {
        _coordinator.Answer(Task7)
            .Answer("""{"code":"payload_too_large","detail":"Too large."}""", HttpStatusCode.RequestEntityTooLarge)
            .Answer(Accepted);
        await RunUntilExhausted();
        Assert.Equal(
            [Claim, Post7,
                """POST /api/v1/tasks/7/fail {"leaseToken":"0a","error":"The product was refused: The coordinator answered 413: Too large.","retry":false}""", Claim],
            _coordinator.Requests);
    }

    [Fact]
    public async Task Run_WithoutTheTokenThatItTakes_EndsAndSaysSo()
    {
        _coordinator.Answer("""{"code":"unauthorized","detail":"A token is needed."}""", HttpStatusCode.Unauthorized);
        await _loop.RunAsync(_stop.Token).Within();
        Assert.Equal([WorkEventKind.NeedsToken], Kinds);
    }

    [Fact]
    public async Task Run_CoordinatorAway_WaitsLongerEachTimeAndRecovers()
    {
        _coordinator.BeAway().BeAway().BeAway().Answer(Task7).Answer(Accepted);
        var running = RunUntilExhausted();
        Assert.InRange(await _time.PassNextWaitAsync(), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.InRange(await _time.PassNextWaitAsync(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.InRange(await _time.PassNextWaitAsync(), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        await running;
        Assert.Equal(
            [WorkEventKind.Away, WorkEventKind.Away, WorkEventKind.Away, WorkEventKind.Back, WorkEventKind.Computing,
                WorkEventKind.Completed, WorkEventKind.Paused],
            Kinds);
    }

    [Fact]
    public async Task Run_CoordinatorAwayWhenThereIsAProduct_PostsItWhenItIsBack()
    {
        _coordinator.Answer(Task7).BeAway().Answer(Accepted);
        var running = RunUntilExhausted();
        await _time.PassNextWaitAsync();
        await running;
        Assert.Equal([Claim, Post7, Post7, Claim], _coordinator.Requests);
    }

    [Fact]
    public async Task Run_ACoordinatorThatAsksForTime_GetsIt()
    {
        _coordinator.Answer("""{"code":"overloaded","detail":"Later."}""", HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(9));
        var running = RunUntilExhausted();
        Assert.Equal(TimeSpan.FromSeconds(9), await _time.PassNextWaitAsync());
        await running;
        Assert.Contains(_events.Items, e => e.Text == "The coordinator answered 503: Later. Trying again in 9.0 s.");
    }

    [Fact]
    public async Task Run_ATaskThatIsNoLongerItsOwn_IsDropped()
    {
        _coordinator.Answer(Task7).Answer("""{"code":"stale_lease"}""", HttpStatusCode.Conflict);
        await RunUntilExhausted();
        Assert.Equal([Claim, Post7, Claim], _coordinator.Requests);
        Assert.Contains(WorkEventKind.Dropped, Kinds);
    }

    private IEnumerable<WorkEventKind> Kinds => _events.Items.Select(e => e.Kind);

    private async Task RunUntilExhausted()
    {
        var running = _loop.RunAsync(_stop.Token);
        await _coordinator.Exhausted.Task.Within();
        await _stop.CancelAsync();
        await running.Within();
    }
}
