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
    public async Task Follow_ATask_LooksOnce_AndThenWaitsAtTheCoordinator()
    {
        _coordinator.Answer(Report("ready")).BeAway().Answer(Report("leased"))
            .Answer(Report("completed", ""","result":"[[7]]" """));
        var following = Follow();
        Assert.Equal(Poll, await _time.PassNextWaitAsync());
        await following;
        Assert.Equal(
            [SightingState.Waiting, SightingState.Away, SightingState.Computing, SightingState.Completed],
            _sightings.Items.Select(s => s.State));
        Assert.Equal("[[7]]", _sightings.Items.Last().Product);
        const string held = "GET /api/v1/tasks/3?wait=20";
        Assert.Equal(["GET /api/v1/tasks/3", held, held, held], _coordinator.Requests);
    }

    [Theory]
    [InlineData("dead", ""","error":"It did not fit." """, SightingState.Failed, "Failed: It did not fit.")]
    [InlineData("cancelled", "", SightingState.Cancelled, "Cancelled")]
    [InlineData("completed", ""","result":"Error: too large" """, SightingState.Failed,
        "The worker's answer is not a matrix.")]
    public async Task Follow_ATaskWithoutAProduct_SaysWhy(string state, string more, SightingState seen, string text)
    {
        _coordinator.Answer(Report(state, more));
        await Follow();
        Assert.Equal([new TaskSighting(3, seen, text)], _sightings.Items);
    }

    [Fact]
    public async Task Follow_ATaskThatTheCoordinatorDoesNotKnow_Ends()
    {
        _coordinator.Answer("""{"code":"task_not_found"}""", HttpStatusCode.NotFound);
        await Follow();
        Assert.Equal(SightingState.Unknown, Assert.Single(_sightings.Items).State);
    }

    private Task Follow() =>
        new ResultWatch(_coordinator.Open(), Poll, _time)
            .FollowAsync(3, _sightings, TestContext.Current.CancellationToken).Within();

    private static string Report(string state, string more = "") =>
        $$"""{"id":3,"queue":"matrix","state":"{{state}}"{{more}}}""";
}
