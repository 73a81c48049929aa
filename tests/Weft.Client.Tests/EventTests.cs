using Weft.Contracts;
using Weft.Core.Events;

namespace Weft.Client.Tests;

public sealed class EventTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private readonly string _queue = TestCoordinator.NewQueue();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_GoesOnWhereItBroke_AndMissesNothing()
    {
        // Each answer is lost once the request was made: the first, and some later ones.
        var client = coordinator.ClientBehind(new Troublemaker().LoseAnswers(2));
        await using var events = client.FollowEventsAsync(new() { Queue = _queue }, cancellationToken: Stop)
            .GetAsyncEnumerator(Stop);
        var first = events.MoveNextAsync();
        // The stream is there once what is submitted shows up in it.
        var ids = new List<long>();
        while (!first.IsCompleted)
        {
            ids.Add(await SubmitAsync());
            await Task.Yield();
        }

        Assert.True(await first);
        var seen = new List<long> { events.Current.Id!.Value };
        ids.Add(await SubmitAsync());
        while (seen[^1] != ids[^1])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(EventNames.TaskSubmitted, events.Current.Event);
            seen.Add(events.Current.Id!.Value);
        }

        Assert.Equal(ids.SkipWhile(id => id != seen[0]), seen);
    }

    [Fact]
    public async Task Follow_AfterAnEventOfAnotherRun_BeginsWithAReset()
    {
        await foreach (var each in coordinator.Client.FollowEventsAsync(
            new() { Queue = _queue, Topics = ["tasks", "queues"] }, "0a0b0c0d-1", Stop))
        {
            Assert.Equal((EventNames.Reset, "gap"), (each.Event, each.Reason));
            break;
        }
    }

    [Fact]
    public async Task Follow_OfAGroupThatIsNotThere_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<WeftException>(async () =>
        {
            await foreach (var _ in coordinator.Client.FollowEventsAsync(new() { Group = 987_654_321 }, null, Stop))
            {
                break;
            }
        });
        Assert.Equal(ProblemCodes.GroupNotFound, failure.Code);
    }

    [Fact]
    public void EveryEvent_HasItsNameInTheContracts()
    {
        var names = typeof(EventNames).GetFields().Select(static field => (string)field.GetRawConstantValue()!);
        Assert.Equal(
            Enum.GetValues<EventType>().Select(static type => type.Text()).Append(EventNames.Reset).Order(),
            names.Order());
    }

    private Task<long> SubmitAsync() =>
        coordinator.Client.SubmitAsync(1, TestJson.Default.Int32, new() { Queue = _queue }, cancellationToken: Stop);
}
