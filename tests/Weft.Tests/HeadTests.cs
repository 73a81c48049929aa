using Weft.Tests.Access;
using Weft.Tests.Api;

namespace Weft.Tests;

/// <summary>HEAD is GET without its body, wherever there is a GET.</summary>
public sealed class HeadTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task EveryGet_HasItsHead_ButTheOneThatTakesATask()
    {
        var routes = await KnownRoute.AllAsync();
        var reads = routes.Where(static route => route.Method == "GET").Select(static route => route.Path);
        var heads = routes.Where(static route => route.Method == "HEAD").Select(static route => route.Path);
        Assert.Equal(["/task/next"], reads.Except(heads));
        Assert.Empty(heads.Except(reads));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/queues")]
    [InlineData("/api/v1/tasks?state=dead&queue=no-such")]
    [InlineData("/api/v1/modules")]
    [InlineData("/api/v1/tasks/999999")]
    [InlineData("/api/v1/groups/999999/results")]
    [InlineData("/result/999999")]
    [InlineData("/")]
    [InlineData("/nothing")]
    public async Task Head_IsAnsweredAsGetIs_WithoutItsBody(string path)
    {
        var get = await server.SendAsync(HttpMethod.Get, path, null, gone: TestContext.Current.CancellationToken);
        var head = await server.SendAsync(HttpMethod.Head, path, null, gone: TestContext.Current.CancellationToken);
        Assert.Equal((get.Status, ""), (head.Status, head.Text));
        Assert.Equal(get.ContentHeaders.ContentType, head.ContentHeaders.ContentType);
        Assert.Equal(get.ContentHeaders.ContentLength, head.ContentHeaders.ContentLength);
        Assert.Equal(get.Headers.CacheControl, head.Headers.CacheControl);
    }

    [Fact]
    public async Task Head_OfAGroupsResults_EndsAtOnce_AndHasItsHeaders()
    {
        var group = (await server.PostAsync("groups", "")).Accepted(201).GetProperty("id").GetInt64();
        await server.SubmitAsync(ApiServer.NewQueue(), more: $",\"group\":{group}");
        var head = await server.SendAsync(HttpMethod.Head, $"groups/{group}/results?wait=25", null,
            gone: TestContext.Current.CancellationToken);
        Assert.Equal((200, "application/x-ndjson", ""),
            (head.Status, head.ContentHeaders.ContentType?.MediaType, head.Text));
        Assert.Equal("no", head.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task Head_OfTheNextTask_IsRefused_AndTakesNone()
    {
        var id = (await server.PostAsync("/task", "1")).Accepted().GetProperty("taskId").GetInt64();
        Assert.Equal(405,
            (await server.SendAsync(HttpMethod.Head, "/task/next", null, gone: TestContext.Current.CancellationToken))
                .Status);
        Assert.Equal("ready", await server.StateAsync(id));
    }
}
