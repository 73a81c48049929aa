using System.Net;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public sealed class ResultWatchTests : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly CoordinatorStub _coordinator = new();
    private readonly TimerSignal _time = new();
    private readonly Record<TaskSighting> _sightings = new();

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public async Task Follow_ATask_TellsEachStateUntilTheProduct()
    {
        _coordinator.Answer(Report("pending", "")).BeAway().Answer(Report("processing", "")).Answer(Report("completed", "[[7]]"));
        var following = Follow();
        for (var wait = 0; wait < 3; wait++) Assert.Equal(Poll, await _time.PassNextWaitAsync());
        await following;
        Assert.Equal(
            [SightingState.Waiting, SightingState.Away, SightingState.Computing, SightingState.Completed],
            _sightings.Items.Select(s => s.State));
        Assert.Equal("[[7]]", _sightings.Items.Last().Product);
    }

    [Theory]
    [InlineData("failed", "", SightingState.Failed, "Failed: no worker could finish it.")]
    [InlineData("cancelled", "", SightingState.Cancelled, "Cancelled")]
    [InlineData("completed", "Error: too large", SightingState.Failed, "Error: too large")]
    public async Task Follow_ATaskWithoutAProduct_SaysWhy(string status, string result, SightingState state, string text)
    {
        _coordinator.Answer(Report(status, result));
        await Follow();
        Assert.Equal([new TaskSighting(3, state, text)], _sightings.Items);
    }

    [Fact]
    public async Task Follow_ATaskThatTheCoordinatorDoesNotKnow_Ends()
    {
        _coordinator.Answer("""{"error":"Task not found"}""", HttpStatusCode.NotFound);
        await Follow();
        Assert.Equal(SightingState.Unknown, Assert.Single(_sightings.Items).State);
    }

    private Task Follow() =>
        new ResultWatch(_coordinator.Open(), Poll, _time).FollowAsync(3, _sightings, TestContext.Current.CancellationToken).Within();

    private static string Report(string status, string result) =>
        $$"""{"taskId":3,"status":"{{status}}","result":"{{result}}","workerId":"w-1","durationMs":1}""";
}
