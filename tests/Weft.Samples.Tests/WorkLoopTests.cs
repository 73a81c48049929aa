using System.Net;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public sealed class WorkLoopTests : IDisposable
{
    private const string Task7 = """{"taskId":7,"data":{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}}""";
    private const string Accepted = """{"status":"success"}""";
    private const string Claim = "GET /task/next?workerId=w-1";
    private const string Post7 = """POST /task/7/result {"result":"[[19,22],[43,50]]"}""";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly CoordinatorStub _coordinator = new();
    private readonly TimerSignal _time = new();
    private readonly Record<WorkEvent> _events = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
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

    [Fact]
    public async Task Run_ATaskThatOverflows_PostsAnErrorAsTheResult()
    {
        _coordinator.Answer("""{"taskId":8,"data":{"A":"[[2147483647]]","B":"[[2]]"}}""").Answer(Accepted);
        await RunUntilExhausted();
        Assert.Contains("""POST /task/8/result {"result":"Error: Row 1, column 1 of the product does not fit in 32 bits."}""", _coordinator.Requests);
        Assert.Contains(WorkEventKind.Failed, Kinds);
    }

    [Theory]
    [InlineData(false, Claim)]
    [InlineData(true, Claim + "&wait=20")]
    public async Task Run_NoWork_ClaimsAgainAfterThePoll(bool waits, string claim)
    {
        // With `wait` too: the stub answers at once, as a coordinator does that doesn't know `wait`.
        _loop.Waits = waits;
        _coordinator.AnswerNothing();
        var running = RunUntilExhausted();
        Assert.Equal(Poll, await _time.PassNextWaitAsync());
        await running;
        Assert.Equal([claim, claim], _coordinator.Requests);
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
            [WorkEventKind.Away, WorkEventKind.Away, WorkEventKind.Away, WorkEventKind.Back, WorkEventKind.Computing, WorkEventKind.Completed, WorkEventKind.Paused],
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
        _coordinator.Answer("""{"error":"overloaded"}""", HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(9));
        var running = RunUntilExhausted();
        Assert.Equal(TimeSpan.FromSeconds(9), await _time.PassNextWaitAsync());
        await running;
        Assert.Contains(_events.Items, e => e.Text == "The coordinator answered 503: overloaded. Trying again in 9.0 s.");
    }

    [Fact]
    public async Task Run_ATaskThatTheCoordinatorNoLongerKnows_IsDropped()
    {
        _coordinator.Answer(Task7).Answer("""{"error":"Task not found"}""", HttpStatusCode.NotFound);
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
