using System.Net;
using Microsoft.Extensions.Time.Testing;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class RetryTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1/");

    [Fact]
    public async Task ARequestThatIsNotRepeatable_IsRepeated_WhenTheCoordinatorDidNothing()
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker().Refuse(2);
        var group = await coordinator.ClientBehind(trouble).CreateGroupAsync("one", stop);
        Assert.Equal((3, "one"), (trouble.Sent, group.Name));
    }

    [Fact]
    public async Task ARequestThatIsNotRepeatable_IsNotRepeated_WhenNobodyKnowsWhatItDid()
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker().LoseAnswers(1);
        var failure = await Assert.ThrowsAsync<WeftException>(() => coordinator.ClientBehind(trouble)
            .CreateGroupAsync("one", stop));
        Assert.Equal((1, true, null), (trouble.Sent, failure.IsTransient, failure.Status));
    }

    [Fact]
    public async Task ARefusal_IsNotRepeated_AndSaysWhatAndWhy()
    {
        var stop = TestContext.Current.CancellationToken;
        var trouble = new Troublemaker();
        var refused = await Assert.ThrowsAsync<WeftException>(() => coordinator.ClientBehind(trouble)
            .GetAsync(999_999, stop));
        Assert.Equal((1, HttpStatusCode.NotFound, ProblemCodes.TaskNotFound),
            (trouble.Sent, refused.Status!.Value, refused.Code));
        Assert.Contains("retention", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor()
    {
        var stop = TestContext.Current.CancellationToken;
        var time = new FakeTimeProvider();
        var retrying = new TaskCompletionSource<WeftException>();
        var trouble = new Troublemaker { RetryAfter = TimeSpan.FromSeconds(7) }.Refuse(1);
        var asking = coordinator.ClientBehind(trouble,
            new() { Time = time, RetryDelayMin = TimeSpan.FromMilliseconds(1), Retrying = retrying.SetResult })
            .ListQueuesAsync(stop);

        Assert.Equal(ProblemCodes.Overloaded, (await retrying.Task.WaitAsync(stop)).Code);
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal(1, trouble.Sent);
        Assert.False(asking.IsCompleted);
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        await asking;
        Assert.Equal(2, trouble.Sent);
    }

    [Fact]
    public async Task ACoordinatorThatIsAway_IsTriedUntilTheTimeIsOver()
    {
        var stop = TestContext.Current.CancellationToken;
        var tries = 0;
        using var http = new HttpClient { BaseAddress = Nowhere };
        var client = new WeftClient(http,
            new() { RetryTimeMax = TimeSpan.FromMilliseconds(300), RetryDelayMin = TimeSpan.FromMilliseconds(10),
            Retrying = _ => tries++ });
        var failure = await Assert.ThrowsAsync<WeftException>(() => client.GetAsync(1, stop));

        Assert.InRange(tries, 2, 30);
        Assert.Equal((null, null, true), (failure.Status, failure.Code, failure.IsTransient));
        Assert.Contains(Nowhere.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallerWhoGivesUp_IsNotHeld()
    {
        using var http = new HttpClient { BaseAddress = Nowhere };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var client =
            new WeftClient(http, new() { RetryTimeMax = Timeout.InfiniteTimeSpan, Retrying = _ => stop.Cancel() });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(1, stop.Token));
    }

    [Fact]
    public async Task AServerThatIsNoCoordinator_IsSaidToBeNone()
    {
        var stop = TestContext.Current.CancellationToken;
        using var http = new HttpClient(new Stranger()) { BaseAddress = Nowhere };
        var failure = await Assert.ThrowsAsync<WeftException>(() => new WeftClient(http).GetAsync(1, stop));
        Assert.Equal((null, false), (failure.Code, failure.IsTransient));
        Assert.Contains("not a Weft coordinator", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Stranger : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") });
    }
}
