using System.Net;
using Weft.Contracts;
using Weft.Testing.Fronts;

namespace Weft.Client.Tests;

/// <summary>Something on the way answers in the coordinator's place.</summary>
public sealed class FrontTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Lies() => new(FrontLies.Names);

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task OnceACoordinatorHasAnswered_WhatIsNotItsAnswer_IsTriedAgain(string lie)
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient
        {
            BaseAddress = front.Url,
            Timeout = TimeSpan.FromSeconds(lie == "silence" ? 1 : 30),
        };
        var troubles = 0;
        var answered = 0;
        var client = new WeftClient(http, new()
        {
            RetryDelayMin = TimeSpan.FromMilliseconds(10), RetryDelayMax = TimeSpan.FromMilliseconds(20),
            Retrying = failure =>
                { if (++troubles == 3) front.TellTheTruthAsync().Wait(Stop); }, Answered = () => answered++,
        });
        await client.ListQueuesAsync(Stop);
        front.Lie(FrontLies.Of(lie));

        var id = await client.SubmitAsync(new TaskRequest(TestCoordinator.Json("1"), TestCoordinator.NewQueue()),
            cancellationToken: Stop);
        Assert.True(id > 0);
        Assert.Equal(3, troubles);
        Assert.Equal(1, answered);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("9.8.7", "9.8.7")]
    [InlineData("", null)]
    [InlineData("a line\\n", null)]
    public async Task ACoordinatorOfAnotherVersion_IsNamed_WhereItDoesNotUnderstand(string? told, string? named)
    {
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(request => told is not null && request.Path == "/api/v1/access"
            ? FrontAnswer.Json($$"""{"open":true,"scopes":[],"version":"{{told}}"}""") : null);
        using var http = new HttpClient { BaseAddress = front.Url };
        var client = new WeftClient(http);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<WeftException>(() => client.SubmitAsync(
                new TaskRequest(TestCoordinator.Json("1"), "no queue"), cancellationToken: Stop));
            Assert.Equal(ProblemCodes.InvalidRequest, failure.Code);
            Assert.Equal(named is not null,
                failure.Message.EndsWith($" and the coordinator is version {named}.)", StringComparison.Ordinal));
            Assert.Equal(named is not null, failure.Message.Contains("version", StringComparison.Ordinal));
        }

        // It asks once.
        Assert.Equal(told is null ? 0 : 1, front.Lies);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(301)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task BeforeThat_ItIsSaidNotToBeACoordinator(int status)
    {
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(FrontAnswer.Page(status));
        using var http = new HttpClient { BaseAddress = front.Url };
        var failure = await Assert.ThrowsAsync<WeftException>(() => new WeftClient(http).ListQueuesAsync(Stop));
        Assert.Equal((WeftTrouble.NotWeft, RetryRule.Never, null), (failure.Trouble, failure.Rule, failure.Code));
        Assert.Equal($"The server at {front.Url} is not a Weft coordinator.", failure.Message);
        Assert.Equal(1, front.Lies);
    }

    [Theory]
    [InlineData(301, "{0}elsewhere", "{0}")]
    [InlineData(307, "{0}api/v1/tasks", "{0}")]
    [InlineData(308, "//other.example:81/", "http://other.example:81/")]
    [InlineData(302, "https://b\u00fccher.example/", "https://xn--bcher-kva.example/")]
    [InlineData(307, "/login", "{1}")]
    public async Task ARedirect_IsNotFollowed_ButItsHostIsNamed(int status, string location, string host)
    {
        await using var front = new LyingFront(coordinator.Url);
        await using var other = new LyingFront(coordinator.Url);
        front.Lie(FrontAnswer.Page(status, $"Location: {string.Format(null, location, other.Url)}"));
        var named = string.Format(null, host, other.Url, front.Url).TrimEnd('/');
        var client = new WeftClient(front.Url, new() { RetryTimeMax = TimeSpan.Zero });
        var task = new TaskRequest(TestCoordinator.Json("1"), TestCoordinator.NewQueue());
        var failure = await Assert.ThrowsAsync<WeftException>(() => client.SubmitAsync(task, cancellationToken: Stop));
        Assert.Equal((WeftTrouble.NotWeft, RetryRule.Never), (failure.Trouble, failure.Rule));
        Assert.Equal(
            $"The server at {front.Url} is not a Weft coordinator: it redirects to {named}, which is not followed.",
            failure.Message);

        await front.TellTheTruthAsync();
        await client.ListQueuesAsync(Stop);
        front.Lie(FrontAnswer.Page(status, $"Location: {string.Format(null, location, other.Url)}"));
        failure = await Assert.ThrowsAsync<WeftException>(() => client.SubmitAsync(task, cancellationToken: Stop));
        Assert.Equal((WeftTrouble.Disturbed, RetryRule.Again), (failure.Trouble, failure.Rule));
        Assert.Equal($"A proxy in front of the coordinator at {front.Url} answered {status} Front, a redirect to " +
            $"{named}, which is not followed.", failure.Message);
        Assert.Equal(0, other.Requests);
    }

    [Fact]
    public async Task AnAnswerWithoutEnd_IsNoCoordinators()
    {
        using var answers = new EndlessAnswers();
        using var http = new HttpClient(answers) { BaseAddress = coordinator.Url };
        var failure = await Assert.ThrowsAsync<WeftException>(() => new WeftClient(http).ListQueuesAsync(Stop));
        Assert.Equal(WeftTrouble.NotWeft, failure.Trouble);
        var before = answers.BytesRead;
        failure = await Assert.ThrowsAsync<WeftException>(async () =>
        {
            await foreach (var _ in new WeftClient(http).ReadGroupResultsAsync(1, cancellationToken: Stop))
                Assert.Fail("That is no result.");
        });
        Assert.Equal(WeftTrouble.NotWeft, failure.Trouble);
        Assert.InRange(answers.BytesRead - before, 60L << 20, 65L << 20);
    }

    [Fact]
    public async Task LinesOfAnyLength_AreReadAsTheyAre()
    {
        int[] lengths = [1, 65_000, 0, 131_072, 3, 5_000_000, 65_535];
        var lines = lengths.Select(static (length, index) =>
            $$"""{"cursor":"f{{index}}","id":{{index + 1}},"state":"completed","result":"{{new string('x', length)}}"}""");
        await using var front = new LyingFront(coordinator.Url);
        front.Lie(FrontAnswer.Lines(string.Join("\r\n", lines) + "\n{\"cursor\":\"f9\",\"done\":true}"));
        var read = new List<int>();
        await foreach (var result in new WeftClient(front.Url).ReadGroupResultsAsync(1, cancellationToken: Stop))
        {
            read.Add(result.Result!.Value.GetString()!.Length);
        }

        Assert.Equal(lengths, read);
    }

    [Fact]
    public async Task AProxyThatTakesNoLargeBodies_IsNotAskedAgain()
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient { BaseAddress = front.Url };
        front.Lie(FrontAnswer.Page(413));
        var failure = await Assert.ThrowsAsync<WeftException>(() => new WeftClient(http)
            .SubmitAsync(new TaskRequest(TestCoordinator.Json("1")), cancellationToken: Stop));
        Assert.Equal((WeftTrouble.Disturbed, RetryRule.NotThis, true, HttpStatusCode.RequestEntityTooLarge),
            (failure.Trouble, failure.Rule, failure.IsTooLarge, failure.Status));
    }

    [Theory]
    [InlineData(429, ProblemCodes.RateLimited)]
    [InlineData(429, ProblemCodes.TooManyUnfinished)]
    [InlineData(507, ProblemCodes.StoreFull)]
    [InlineData(408, ProblemCodes.RequestTimeout)]
    public async Task ARefusalThatPasses_IsWaitedFor(int status, string code)
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient { BaseAddress = front.Url };
        WeftException? seen = null;
        var client = new WeftClient(http, new() { RetryDelayMin = TimeSpan.FromMilliseconds(1), Retrying = Note });
        void Note(WeftException failure)
        {
            seen = failure;
            _ = front.TellTheTruthAsync();
        }

        front.Lie(FrontAnswer.Problem(status, code, "Later.", "Retry-After: 1"));
        Assert.True(await client.SubmitAsync(new TaskRequest(TestCoordinator.Json("1"), TestCoordinator.NewQueue()),
            cancellationToken: Stop) > 0);
        Assert.Equal((code, TimeSpan.FromSeconds(1)), (seen!.Code, seen.RetryAfter));
        Assert.Equal(1, front.Lies);
    }

    [Fact]
    public async Task AnAnswerThatTurnsSilentInTheMiddle_IsTriedAgain()
    {
        await using var front = new LyingFront(coordinator.Url);
        using var http = new HttpClient { BaseAddress = front.Url, Timeout = TimeSpan.FromSeconds(1) };
        var client = new WeftClient(http,
            new() { RetryDelayMin = TimeSpan.FromMilliseconds(1), Retrying = failure => front.TellTheTruthAsync()
            .Wait(Stop) });
        front.Lie(FrontAnswer.CutBody with { Ends = false });
        await client.ListQueuesAsync(Stop);
        Assert.Equal(1, front.Lies);
    }

    [Fact]
    public async Task ARefusedConnection_DoesNotEndAMap()
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = Refused(2) })
        {
            BaseAddress = coordinator.Url,
        };
        var client = new WeftClient(http, new() { RetryDelayMin = TimeSpan.FromMilliseconds(1) });
        Assert.Empty(await client.MapAsync(Array.Empty<int>(), TestJson.Default.Int32, TestJson.Default.Int32,
            cancellationToken: Stop).ToListAsync(Stop));
    }

    private static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> Refused(int count) =>
        async (context, stop) =>
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp);
        if (count-- > 0)
        {
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused);
        }
        await socket.ConnectAsync(context.DnsEndPoint, stop);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    };
}
