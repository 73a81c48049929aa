using System.Net;
using System.Net.Http.Headers;
using Weft.Client.Frozen;

namespace Weft.Client.Tests.Frozen;

public sealed class FrozenErrorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARefusal_CarriesItsStatus_AndTheCoordinatorsWords()
    {
        var client = Answering(HttpStatusCode.NotFound, """{"error":"Task not found"}""");
        var failure = await Assert.ThrowsAsync<FrozenException>(() => client.ReadResultAsync(7, Stop));
        Assert.Equal(HttpStatusCode.NotFound, failure.Status);
        Assert.Equal("Task not found", failure.Message);
        Assert.Null(failure.RetryAfter);
    }

    [Fact]
    public async Task ABusyCoordinator_SaysWhenToComeBack()
    {
        var client = Answering(HttpStatusCode.ServiceUnavailable, """{"error":"The coordinator is busy"}""",
            static response => response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(30)));
        var failure = await Assert.ThrowsAsync<FrozenException>(() => client.SubmitAsync("1"u8.ToArray(), Stop));
        Assert.Equal(TimeSpan.FromSeconds(30), failure.RetryAfter);
    }

    [Theory]
    [InlineData("<html>Bad Gateway</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task ARefusalInOtherWords_IsToldByItsStatus(string body)
    {
        var client = Answering(HttpStatusCode.BadGateway, body);
        var failure = await Assert.ThrowsAsync<FrozenException>(() => client.CompleteAsync(7, "", Stop));
        Assert.Equal("The coordinator answered 502", failure.Message);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"taskId":1,"status":"asleep","result":""}""")]
    public async Task AnAnswerThatNoCoordinatorGives_IsAnError(string body)
    {
        var client = Answering(HttpStatusCode.OK, body);
        var failure = await Assert.ThrowsAsync<FrozenException>(() => client.ReadResultAsync(1, Stop));
        Assert.Equal("The response is not from a Weft coordinator", failure.Message);
    }

    [Fact]
    public async Task AnAnswerWithoutEnd_IsReadNoFurtherThanOneOfACoordinator()
    {
        using var answers = new EndlessAnswers();
        using var http = new HttpClient(answers) { BaseAddress = new("http://coordinator/") };
        var failure = await Assert.ThrowsAsync<FrozenException>(() => new FrozenClient(http).ReadStatsAsync(Stop));
        Assert.Equal("The response is not from a Weft coordinator", failure.Message);
        Assert.InRange(answers.BytesRead, 1, 300L << 20);
    }

    private static FrozenClient Answering(HttpStatusCode status, string body,
        Action<HttpResponseMessage>? add = null) =>
        new(new(new ScriptedCoordinator(status, body, add)) { BaseAddress = new("http://coordinator/") });
}
