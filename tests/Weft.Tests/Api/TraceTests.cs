using System.Text;
using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>The trace of a submit, and what a claim hands out of it.</summary>
public sealed class TraceTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    private readonly string _queue = ApiServer.NewQueue();

    [Fact]
    public async Task TheHeadersOfASubmit_GoWithTheTask()
    {
        await SubmitAsync("tasks", $$"""{"queue":"{{_queue}}","payload":1}""", Parent, "vendor=x");
        Assert.Equal($$"""{"parent":"{{Parent}}","state":"vendor=x","relation":"child"}""", await ClaimAsync());
    }

    [Fact]
    public async Task AMember_WinsOverTheHeader()
    {
        await SubmitAsync("tasks", $$"""{"queue":"{{_queue}}","payload":1,"traceparent":"{{Own}}"}""", Parent);
        Assert.Equal($$"""{"parent":"{{Own}}","relation":"child"}""", await ClaimAsync());
    }

    [Fact]
    public async Task TasksOfABatch_LinkToItsHeader_UnlessTheyHaveTheirOwn()
    {
        var tasks =
            $$"""{"queue":"{{_queue}}","payload":1},{"queue":"{{_queue}}","payload":1,"traceparent":"{{Own}}"}""";
        await SubmitAsync("tasks/batch", $$"""{"tasks":[{{tasks}}]}""", Parent);
        Assert.Equal($$"""{"parent":"{{Parent}}","relation":"link"}""", await ClaimAsync());
        Assert.Equal($$"""{"parent":"{{Own}}","relation":"child"}""", await ClaimAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    public async Task ABadHeader_IsNone(string parent)
    {
        await SubmitAsync("tasks", $$"""{"queue":"{{_queue}}","payload":1}""", parent, "a=1");
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task ABadMember_IsRefused()
    {
        var answer = await server.PostAsync("tasks", $$"""{"queue":"{{_queue}}","payload":1,"traceparent":"00-1"}""");
        Assert.Contains("traceparent must follow", answer.Refused(400, "invalid_request"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskWithoutATrace_HasNone()
    {
        await server.SubmitAsync(_queue);
        Assert.Null(await ClaimAsync());
    }

    private async Task SubmitAsync(string path, string body, string parent, string? state = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, $"/api/v1/{path}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("traceparent", parent);
        if (state is not null) request.Headers.TryAddWithoutValidation("tracestate", state);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
    }

    private async Task<string?> ClaimAsync()
    {
        var task = await server.ClaimTaskAsync(_queue);
        return task.TryGetProperty("trace", out var trace) ? JsonSerializer.Serialize(trace) : null;
    }
}
